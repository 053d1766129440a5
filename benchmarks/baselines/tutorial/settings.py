"""As little as the tutorial needs."""

import os

SECRET_KEY = "made up: this server holds nothing and listens on loopback"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["daphne", "channels"]
ASGI_APPLICATION = "benchmarks.baselines.tutorial.asgi.application"
USE_TZ = True
# redis-py 8 gives up a read after 5 s, just when the layer's own wait of 5 s ends, and opens at most 100
# connections, fewer than a mass disconnect asks for: with its defaults sockets close by themselves.
REDIS = {"address": os.environ["REDIS_URL"], "socket_timeout": 60, "max_connections": 10_000}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [REDIS], "prefix": "tutorial"},
    }
}
