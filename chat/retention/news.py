"""Bells for a line's supervisors: something about keys, readings, holds or keeping is new."""

from chat import bells, walls


def tell_supervisors(line: str) -> None:
    """There is something new to ask for."""
    for person in walls.supervisors_of(line).values_list("pk", flat=True):
        bells.ring_on_commit(bells.ReviewChanged(person, line))
