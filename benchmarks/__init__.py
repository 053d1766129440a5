"""How fast ours is, measured beside two other Channels chats: `make bench`, explained in docs/speed.md."""
