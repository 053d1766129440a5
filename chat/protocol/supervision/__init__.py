"""Frames about the board and the live view, alerts, interventions, the staff's devices, and approval
requests."""

from chat.protocol.supervision.alerts import *
from chat.protocol.supervision.approvals import *
from chat.protocol.supervision.audit_trail import *
from chat.protocol.supervision.beginning import *
from chat.protocol.supervision.board import *
from chat.protocol.supervision.contacts import *
from chat.protocol.supervision.floor import *
from chat.protocol.supervision.interventions import *
from chat.protocol.supervision.last_day import *
from chat.protocol.supervision.staff_devices import *
from chat.protocol.supervision.staff_people import *
