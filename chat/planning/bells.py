"""Defines the bell that rings when the rota changes."""

from chat.bells.kinds import PersonBell


class RotaChanged(PersonBell, frozen=True, tag=True):
    """Notifies a supervisor that the rota of one of their lines changed: its shifts, the people on them,
    swaps, or preferences."""

    line: str
