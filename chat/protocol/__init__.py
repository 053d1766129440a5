"""The wire contract, version 1: one Struct per frame in each direction, by subject.

Requests with unknown fields are refused. Consumers write `protocol.Post`, so that one search for a wire name
finds all of it.
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
