"""Provides the only way from async code to the database."""

from helpline.lib.bridge.batches import Batcher
from helpline.lib.bridge.loop import has_loop_connection, on_loop
from helpline.lib.bridge.threads import in_database

__all__ = ["Batcher", "has_loop_connection", "in_database", "on_loop"]
