"""Measures how fast our platform is, beside two other Channels chats and Socket.IO: `make bench`, explained
in docs/speed.md."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")  # a platform asks for its apps
