"""Defines version 1 of the wire contract, with one Struct for each frame in each direction. Each subject has
its own module or package.

A request with an unknown field is refused. Other modules refer to a frame through the package (for example
`protocol.Post`), so that a text search finds every use.
"""

from chat.protocol.care import *
from chat.protocol.cases import *
from chat.protocol.certificates import *
from chat.protocol.codec import *
from chat.protocol.conversation import *
from chat.protocol.entries import *
from chat.protocol.fields import *
from chat.protocol.figures import *
from chat.protocol.frames import *
from chat.protocol.handoff import *
from chat.protocol.letters import *
from chat.protocol.lines import *
from chat.protocol.queue import *
from chat.protocol.retention import *
from chat.protocol.staff import *
from chat.protocol.supervision import *

SUBPROTOCOL = "helpline.v1"
