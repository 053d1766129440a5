"""Frames about opening a conversation, seats, grants, posting, presence, risk, and endings. The entries of
its log are in chat/protocol/entries.py."""

from chat.protocol.conversation.coming_back import *  # noqa: F403
from chat.protocol.conversation.delivery import *  # noqa: F403
from chat.protocol.conversation.endings import *  # noqa: F403
from chat.protocol.conversation.grants import *  # noqa: F403
from chat.protocol.conversation.opening import *  # noqa: F403
from chat.protocol.conversation.posting import *  # noqa: F403
from chat.protocol.conversation.presence import *  # noqa: F403
from chat.protocol.conversation.risk import *  # noqa: F403
