"""Defines version 1 of the wire contract: one Struct for each frame in each direction, in a module or package
for each subject.

Requests with unknown fields are refused. Consumers write `protocol.Post`, so that a search for a frame's name
finds every use.
"""

from chat.protocol.care import *  # noqa: F403
from chat.protocol.cases import *  # noqa: F403
from chat.protocol.certificates import *  # noqa: F403
from chat.protocol.codec import *  # noqa: F403
from chat.protocol.conversation import *  # noqa: F403
from chat.protocol.entries import *  # noqa: F403
from chat.protocol.fields import *  # noqa: F403
from chat.protocol.figures import *  # noqa: F403
from chat.protocol.frames import *  # noqa: F403
from chat.protocol.handoff import *  # noqa: F403
from chat.protocol.letters import *  # noqa: F403
from chat.protocol.lines import *  # noqa: F403
from chat.protocol.queue import *  # noqa: F403
from chat.protocol.retention import *  # noqa: F403
from chat.protocol.staff import *  # noqa: F403
from chat.protocol.supervision import *  # noqa: F403

SUBPROTOCOL = "helpline.v1"
