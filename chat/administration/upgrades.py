"""Upgrades while people talk: whether that is possible, and what comes before a restart.

The processes of both releases run side by side for a while, on one database. So a migration may only add: the
previous release must still be able to read and write. A removal comes a release later, and its migration says
so.
"""

from collections.abc import Collection, Iterable

from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

AFTER = "unused_since"  # on a migration that removes something: the first release that did not use it
ADDS = (operations.CreateModel, operations.AddIndex, operations.RemoveIndex, operations.RemoveConstraint)
MOVES = (operations.RunPython, operations.AlterModelOptions, operations.AlterModelManagers)


class NeedsAStop(Exception):
    """These migrations take away what the running release uses. Stop every process, and say --stopped."""


def pending() -> list[Migration]:
    """Returns the migrations that the database still lacks, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, backwards in plan if not backwards]


def has_release() -> bool:
    """Whether any release has migrated this database; nobody uses an empty one."""
    return "django_migrations" in connection.introspection.table_names()


def require_additive(migrations: Iterable[Migration]) -> None:
    """Raises NeedsAStop with the names of those that the previous release could not work with."""
    found = [f"{one.app_label}.{one.name}" for one in migrations if takes_away(one)]
    if found:
        raise NeedsAStop(", ".join(found))


def takes_away(migration: Migration) -> bool:
    """Whether the migration removes something, unless it says since which release nothing uses it."""
    new = {one.name_lower for one in migration.operations if isinstance(one, operations.CreateModel)}
    return not getattr(migration, AFTER, "") and not all(
        _adds(one) or _is_of_new_table(one, new) for one in migration.operations
    )


def _is_of_new_table(operation: Operation, new: Collection[str]) -> bool:
    """Whether the operation is about a table that the previous release neither reads nor writes."""
    kinds = (operations.AddConstraint, operations.AddField)
    return isinstance(operation, kinds) and operation.model_name_lower in new


def _adds(operation: Operation) -> bool:
    """Whether the previous release can still read and write every row after this operation."""
    if isinstance(operation, ADDS + MOVES):
        return True
    if isinstance(operation, operations.AddField):
        return _fills_itself(operation.field)
    if isinstance(operation, operations.AlterField):
        # The rows stay. This does not check that the field only became wider: its author must, and the drill
        # shows it.
        return operation.field.null or not operation.field.has_default() or _fills_itself(operation.field)
    if isinstance(operation, operations.SeparateDatabaseAndState):
        return all(map(_adds, operation.database_operations))
    return False


def _fills_itself(field: "models.Field[object, object]") -> bool:
    """Whether an INSERT that does not know of the column succeeds."""
    return bool(field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)
