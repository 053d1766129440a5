"""Contains the chats with which ours is compared: as Channels projects usually write them, on the same
servers."""
