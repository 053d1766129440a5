"""Frames about the board and the live view, alerts, interventions, the staff's devices, and approval
requests."""

from chat.protocol.supervision.alerts import *  # noqa: F403
from chat.protocol.supervision.approvals import *  # noqa: F403
from chat.protocol.supervision.audit_trail import *  # noqa: F403
from chat.protocol.supervision.beginning import *  # noqa: F403
from chat.protocol.supervision.board import *  # noqa: F403
from chat.protocol.supervision.contacts import *  # noqa: F403
from chat.protocol.supervision.floor import *  # noqa: F403
from chat.protocol.supervision.interventions import *  # noqa: F403
from chat.protocol.supervision.last_day import *  # noqa: F403
from chat.protocol.supervision.staff_devices import *  # noqa: F403
from chat.protocol.supervision.staff_people import *  # noqa: F403
