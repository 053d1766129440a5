"""Builds frames from rows and results whose fields have the same names."""

from datetime import datetime

import msgspec

from helpline.lib import clock


def copied[Kind: msgspec.Struct](kind: type[Kind], source: object, **given: object) -> Kind:
    """Builds a Struct of this kind from the attributes of `source` that have the same names as its fields.
    Times are formatted as on the wire. Pass in `given` the fields that `source` lacks, and those that should
    get a different value."""
    names = (name for name in kind.__struct_fields__ if name not in given)
    return kind(**{name: _on_the_wire(getattr(source, name)) for name in names}, **given)


def _on_the_wire(value: object) -> object:
    return clock.stamp(value) if isinstance(value, datetime) else value
