"""Adds a database to the tutorial's settings, with Django's psycopg pool: by default Django opens a
connection per request."""

import os

import dj_database_url

SECRET_KEY = "made up: this server listens on loopback"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["daphne", "channels", "benchmarks.baselines.naive.apps.NaiveConfig"]
ASGI_APPLICATION = "benchmarks.baselines.naive.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {
    "default": {
        **dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=0),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 12, "timeout": 5}},
    }
}
# With its defaults, redis-py 8 times out a read after 5 s, just when the channel layer's own wait of 5 s
# ends, and opens at most 100 connections, fewer than a mass disconnect needs. Sockets would then close
# unexpectedly.
REDIS = {"address": os.environ["REDIS_URL"], "socket_timeout": 60, "max_connections": 10_000}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [REDIS], "prefix": "naive"},
    }
}
