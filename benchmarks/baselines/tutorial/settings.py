"""Contains only the settings that the tutorial needs."""

import os

SECRET_KEY = "made up: this server holds nothing and listens on loopback"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["daphne", "channels"]
ASGI_APPLICATION = "benchmarks.baselines.tutorial.asgi.application"
USE_TZ = True
# With its defaults, redis-py 8 times out a read after 5 s, just when the channel layer's own wait of 5 s
# ends, and opens at most 100 connections, fewer than a mass disconnect needs. Sockets would then close
# unexpectedly.
REDIS = {"address": os.environ["REDIS_URL"], "socket_timeout": 60, "max_connections": 10_000}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [REDIS], "prefix": "tutorial"},
    }
}
