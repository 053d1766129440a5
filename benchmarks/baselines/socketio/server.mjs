// A room's chat as Socket.IO's documents write it, with a row for each message before it is passed on.
// `node server.mjs PORT DATABASE_URL`
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../frontend/package.json", import.meta.url));
const { Server } = require("socket.io");
const { Pool } = require("pg");

const [port, connectionString] = process.argv.slice(2);
const pool = new Pool({ connectionString, max: 12 });
await pool.query(
  "CREATE TABLE message (id bigserial PRIMARY KEY, room text, sender text, body text, at timestamptz DEFAULT now())",
);
await pool.query("CREATE INDEX ON message (room)");

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false, pingInterval: 1e9 });
io.on("connection", (socket) => {
  const { room } = socket.handshake.query;
  socket.join(room);
  socket.on("message", async ({ id, message }) => {
    await pool.query("INSERT INTO message (room, sender, body) VALUES ($1, $2, $3)", [room, socket.id, message]);
    io.to(room).emit("message", { id, message });
  });
});
http.listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 });
process.on("SIGTERM", () => process.exit(0));
