"""Decides whether an upgrade is possible while conversations go on.

During an upgrade, processes of the previous and of the new release use one database at the same time. So a
migration must not remove anything that the previous release reads or writes. Tables and columns that a
release stops using are removed by a migration of a later release. The attribute `unused_since` (AFTER) of
that migration names the first release that no longer uses them.
"""

import re
from collections.abc import Collection, Iterable

from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

# An attribute of migrations that remove something: the first release that no longer uses what they remove.
AFTER = "unused_since"
ADDS = (operations.CreateModel, operations.AddIndex, operations.RemoveIndex, operations.RemoveConstraint)
MOVES = (operations.RunPython, operations.AlterModelOptions, operations.AlterModelManagers)


class NeedsAStop(Exception):
    """These migrations remove something that the running release uses. Install the releases in order, or stop
    every process and type `helpline upgrade --stopped`."""


def pending() -> list[Migration]:
    """Returns the migrations that the database still lacks, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, backwards in plan if not backwards]


def has_release() -> bool:
    """Returns whether any release has migrated this database. If none has, nobody uses it."""
    return "django_migrations" in connection.introspection.table_names()


def require_additive(migrations: Iterable[Migration], running: str) -> None:
    """Raises NeedsAStop if the release `running` could not work after one of these migrations. The error
    names all such migrations."""
    found = [f"{one.app_label}.{one.name}" for one in migrations if takes_away(one, running)]
    if found:
        raise NeedsAStop(", ".join(found))


def takes_away(migration: Migration, running: str) -> bool:
    """Returns whether the migration removes something that the release `running` may use. It uses what the
    migration removes if it is older than the release in the attribute AFTER."""
    after = getattr(migration, AFTER, "")
    if after and _version(running) >= _version(after):
        return False
    new = {one.name_lower for one in migration.operations if isinstance(one, operations.CreateModel)}
    return not all(_adds(one) or _is_of_new_table(one, new) for one in migration.operations)


def _version(release: str) -> tuple[int, ...]:
    """Returns the numbers of a release, or () for another name: such a release counts as the oldest."""
    return tuple(map(int, release.split("."))) if re.fullmatch(r"\d+(\.\d+)*", release) else ()


def _is_of_new_table(operation: Operation, new: Collection[str]) -> bool:
    """Returns whether the operation adds a field or a constraint to one of the `new` tables. The previous
    release neither reads nor writes these tables."""
    kinds = (operations.AddConstraint, operations.AddField)
    return isinstance(operation, kinds) and operation.model_name_lower in new


def _adds(operation: Operation) -> bool:
    """Returns whether the previous release can still read and write every row after this operation."""
    if isinstance(operation, ADDS + MOVES):
        return True
    if isinstance(operation, operations.AddField):
        return _fills_itself(operation.field)
    if isinstance(operation, operations.AlterField):
        # Whether the field still accepts every old value is not checked here. The author of the migration
        # must check that, and an upgrade drill tests it.
        return operation.field.null or not operation.field.has_default() or _fills_itself(operation.field)
    if isinstance(operation, operations.SeparateDatabaseAndState):
        return all(map(_adds, operation.database_operations))
    return False


def _fills_itself(field: "models.Field[object, object]") -> bool:
    """Returns whether an INSERT without this column succeeds."""
    return bool(field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)
