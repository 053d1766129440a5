"""An operator can read a webhook's secret, which no page shows, and the audit records it."""

import pytest
from django.core.management import CommandError, call_command

from chat.models import Line, Service
from counsellors.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("what", "slug", "secret"),
    [("alerts", "helpwanted", "one"), ("handoffs", "csg", "two"), ("guests", "csg", "three")],
)
def test_the_secret_of_a_webhook_is_printed_and_the_audit_holds_that_it_was_but_not_the_secret(
    helpwanted: Line, capsys: pytest.CaptureFixture[str], what: str, slug: str, secret: str
) -> None:
    Line.objects.update(alert_secret="one")
    Service.objects.create(slug="csg", name="CSG", webhook_secret="two", contact_secret="three")
    call_command("secret", what, slug)
    assert capsys.readouterr().out == f"{secret}\n"
    row = AuditRow.objects.get(action="by_command")
    assert (row.subject, secret in row.detail) == (slug, False)


@pytest.mark.parametrize("slug", ["helpwanted", "nobody"])
def test_where_there_is_no_webhook_there_is_nothing_to_print(helpwanted: Line, slug: str) -> None:
    with pytest.raises(CommandError):
        call_command("secret", "alerts", slug)
