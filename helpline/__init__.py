"""Holds the modules of the whole project: settings, URLs, the ASGI application and the middleware."""

__version__ = "1.0.0"
