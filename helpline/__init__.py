"""The project: settings, addresses, and what every answer bears."""

__version__ = "1.0.0"
