"""Contains the tutorial's chat, which also stores each message: `Message.objects.create` through
`database_sync_to_async`."""
