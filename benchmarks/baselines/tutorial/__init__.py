"""Contains the chat of the Channels tutorial: a group per room, nothing stored, nothing sealed."""
