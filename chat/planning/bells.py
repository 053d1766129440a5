"""The bell of the rota."""

from chat.bells.kinds import PersonBell


class RotaChanged(PersonBell, frozen=True, tag=True):
    """The rota of a line that they supervise changed: somebody was put on a shift, took one, or called in
    sick; or a week has another shift."""

    line: str
