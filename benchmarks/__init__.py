"""How fast ours is, measured beside two other Channels chats: `make bench`, explained in docs/speed.md."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")  # a platform asks for its apps
