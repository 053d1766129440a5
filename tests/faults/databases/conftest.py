"""Marks what takes long here."""

from tests.faults.scale import LONG

collect_ignore = [] if LONG else ["test_rows_in_postgresql.py"]
