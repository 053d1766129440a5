"""Builds a subquery that joins a column of many rows into one text (StringAgg)."""

from typing import Any

from django.db.models import CharField, QuerySet, StringAgg, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast


def joined(rows: QuerySet[Any], column: str | Combinable) -> Subquery:
    """Returns the subquery, for `annotate`; `split` reads its result. The values must not contain spaces."""
    text = StringAgg(Cast(column, CharField()), Value(" "))
    return Subquery(rows.order_by().values(_each=Value(1)).annotate(_words=text).values("_words"))


def split(text: str | None) -> list[str]:
    return (text or "").split()
