"""The wire contract, version 1: one Struct per frame in each direction. docs/asyncapi.yaml is made from here.

Unknown fields are refused. Doors say `protocol.Post`, so that one search for a wire name finds all of it.
"""

from chat.protocol.caller import *  # noqa: F403
from chat.protocol.codec import *  # noqa: F403
from chat.protocol.console import *  # noqa: F403
from chat.protocol.entries import *  # noqa: F403
from chat.protocol.fields import *  # noqa: F403
from chat.protocol.floor import *  # noqa: F403
from chat.protocol.frames import *  # noqa: F403
from chat.protocol.replies import *  # noqa: F403
from chat.protocol.supervisor import *  # noqa: F403

SUBPROTOCOL = "helpline.v1"
