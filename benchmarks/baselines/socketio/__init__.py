"""Contains Socket.IO's chat with PostgreSQL: `server.mjs`, run by Node."""
