"""Two releases run side by side during an upgrade, so migrations since the previous release may only add."""

from pathlib import Path

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from chat.administration import upgrades

PREVIOUS = Path(__file__).parents[2] / "deploy" / "PREVIOUS"
ADDING: list[Operation] = [
    migrations.CreateModel("Chair", [("id", models.AutoField(primary_key=True))]),
    migrations.AddField("chair", "colour", models.CharField(null=True)),
    migrations.AddField("chair", "legs", models.IntegerField(db_default=4)),
    migrations.AddIndex("chair", models.Index(fields=["legs"], name="legs")),
    migrations.RunPython(lambda _apps, _editor: None),
    migrations.AlterField("chair", "colour", models.CharField(max_length=80)),
]
TAKING: list[Operation] = [
    migrations.RemoveField("chair", "legs"),
    migrations.DeleteModel("Chair"),
    migrations.RenameField("chair", "legs", "feet"),
    migrations.RenameModel("Chair", "Stool"),
    migrations.AddField("chair", "arms", models.IntegerField()),
    migrations.AddField("chair", "arms", models.IntegerField(default=2)),  # Django's own: not the database's
    migrations.AddConstraint("chair", models.CheckConstraint(condition=models.Q(legs=4), name="four")),
    migrations.RunSQL("DROP TABLE chair"),
]


def last_of_previous() -> dict[str, str]:
    rows = [row.split() for row in PREVIOUS.read_text().splitlines() if not row.startswith("#")]
    return {row[0]: row[1] for row in rows if row[0] != "commit"}


def one(*given: Operation, **facts: object) -> migrations.Migration:
    kind = type("Migration", (migrations.Migration,), {"operations": list(given)} | facts)
    made: migrations.Migration = kind("0099_some", "chat")
    return made


@pytest.mark.django_db
def test_each_migration_since_the_release_before_only_adds() -> None:
    loader, last = MigrationLoader(None), last_of_previous()
    assert set(last.items()) <= set(loader.disk_migrations), "PREVIOUS names real ones"
    newer = [one for (app, name), one in loader.disk_migrations.items() if app in last and name > last[app]]
    upgrades.require_additive(newer, "9999")


@pytest.mark.parametrize("operation", ADDING, ids=lambda one: one.describe())
def test_what_the_release_before_can_live_with(operation: Operation) -> None:
    assert not upgrades.takes_away(one(operation), "1.0.0")


@pytest.mark.parametrize("operation", TAKING, ids=lambda one: one.describe())
def test_what_the_release_before_cannot_live_with(operation: Operation) -> None:
    assert upgrades.takes_away(one(operation), "1.0.0")
    with pytest.raises(upgrades.NeedsAStop, match=r"chat\.0099_some"):
        upgrades.require_additive([one(*ADDING), one(operation)], "1.0.0")


@pytest.mark.parametrize(
    ("running", "uses_it"),
    [
        ("1.9.0", True),
        ("1.10.0", False),
        ("1.10.1", False),
        ("2.0.0", False),
        ("a folder of one's own", True),
    ],
)
def test_what_the_running_release_uses_no_more_may_go(running: str, uses_it: bool) -> None:
    chairs = one(migrations.DeleteModel("Chair"), unused_since="1.10.0")
    assert upgrades.takes_away(chairs, running) is uses_it


def test_a_commit_is_named_for_the_drill() -> None:
    (named,) = [row.split()[1] for row in PREVIOUS.read_text().splitlines() if row.startswith("commit ")]
    assert len(named) == 40
