"""Frames about opening a conversation, seats, grants, posting, presence, risk, and endings. The entries of
its log are in chat/protocol/entries.py."""

from chat.protocol.conversation.coming_back import *
from chat.protocol.conversation.delivery import *
from chat.protocol.conversation.endings import *
from chat.protocol.conversation.grants import *
from chat.protocol.conversation.opening import *
from chat.protocol.conversation.posting import *
from chat.protocol.conversation.presence import *
from chat.protocol.conversation.risk import *
