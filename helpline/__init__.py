"""The project: settings, URLs, and the headers of every answer."""

__version__ = "1.0.0"
