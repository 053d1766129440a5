"""What ours is compared with: chats as Channels projects usually write them, on the same servers."""
