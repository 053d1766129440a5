"""The tutorial's chat that stores: `Message.objects.create` through `database_sync_to_async`."""
