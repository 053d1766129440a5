"""A page passes all middleware in one thread."""

import pytest
from asgiref.sync import SyncToAsync
from django.test import AsyncClient


@pytest.mark.django_db
async def test_no_middleware_costs_a_page_a_change_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django runs the hooks of Django's middleware in a thread each, unless an inner middleware is
    synchronous."""
    crossed: list[str] = []
    cross = SyncToAsync.__call__

    async def counted(self: SyncToAsync[..., object], *args: object, **named: object) -> object:
        crossed.append(getattr(self.func, "__name__", ""))
        return await cross(self, *args, **named)

    monkeypatch.setattr(SyncToAsync, "__call__", counted)
    assert (await AsyncClient().get("/login/")).status_code == 200
    assert crossed, "a synchronous view has a thread"
    assert not {"process_request", "process_response"}.intersection(crossed)
