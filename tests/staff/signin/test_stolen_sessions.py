"""A session row of a stolen database signs nobody in."""

import hashlib
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client

from benchmarks.signin import SignIn
from counsellors.models import Session
from counsellors.signin.accounts import person_of_session
from counsellors.signin.sessions import SessionStore
from tests.support import admin_pages as staff
from tests.support.cast import counsellors, signed_in
from tests.support.counsellor import CounsellorClient
from tests.support.frames import HandshakeRefused
from tests.support.platform import Platform

NAME = settings.SESSION_COOKIE_NAME


@pytest.mark.django_db
def test_the_row_of_a_session_opens_no_page_and_names_nobody() -> None:
    browser = staff.sign_in(staff.carla())
    row = Session.objects.get()
    thief = Client()
    thief.cookies[NAME] = row.pk
    assert browser.get("/console/").status_code == 200
    assert thief.get("/console/").headers["Location"] == "/login/"
    assert person_of_session(row.pk) is None


@pytest.mark.django_db
def test_the_row_holds_the_hash_of_the_token_and_the_token_nowhere() -> None:
    token = staff.sign_in(staff.carla()).cookies[NAME].value
    row = Session.objects.get()
    assert row.pk == hashlib.sha256(token.encode()).hexdigest()
    stored = [*Session.objects.values().get().values(), row.get_decoded()]
    assert token not in repr(stored)


async def test_a_row_of_the_table_as_cookie_opens_neither_a_page_nor_a_socket(platform: Platform) -> None:
    who = counsellors(platform, "helpwanted")[0]
    cookie = await signed_in(platform, who)
    query = "from counsellors.models import Session; print(*Session.objects.values_list('pk', flat=True))"
    rows = platform.manage("shell", "-v", "0", "-c", query).stdout.split()
    assert hashlib.sha256(SimpleCookie(cookie)[NAME].value.encode()).hexdigest() in rows
    for row in rows:
        thief = SignIn(platform.url, who)
        thief.cookies[NAME] = row
        assert thief.get("/console/").address == "/login/"
        for url in platform.urls:
            with pytest.raises(HandshakeRefused) as refused:
                await CounsellorClient(url, cookie=thief.cookie).connect()
            assert refused.value.status == 403


@pytest.mark.django_db
def test_every_way_of_the_store_goes_by_the_hash() -> None:
    session = SessionStore()
    session["half"] = 1
    session.create()
    first = str(session.session_key)
    assert session.exists(first)
    assert not session.exists(Session.objects.get().pk)
    session["half"] = 2
    session.save()
    assert SessionStore(first)["half"] == 2
    session.cycle_key()
    second = str(session.session_key)
    assert not session.exists(first)
    assert [Session.objects.get().pk] == [hashlib.sha256(second.encode()).hexdigest()]
    session.delete(Session.objects.get().pk)
    assert session.exists(second)
    session.delete()
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
async def test_so_does_every_way_without_a_thread() -> None:
    session = SessionStore()
    await session.aset("half", 1)
    await session.acreate()
    first = str(session.session_key)
    assert await session.aexists(first)
    assert not await session.aexists((await Session.objects.aget()).pk)
    await session.aset("half", 2)
    await session.asave()
    assert await SessionStore(first).aget("half") == 2
    await session.acycle_key()
    second = str(session.session_key)
    assert [row.pk async for row in Session.objects.all()] == [hashlib.sha256(second.encode()).hexdigest()]
    await session.adelete((await Session.objects.aget()).pk)
    assert await session.aexists(second)
    await session.adelete()
    assert not await Session.objects.aexists()


@pytest.mark.django_db
def test_a_token_that_somebody_else_chose_is_never_taken_over() -> None:
    carla = staff.carla()
    browser = Client()
    browser.cookies[NAME] = "c" * 32
    staff.give_password(browser, "carla")
    assert browser.cookies[NAME].value != "c" * 32
    staff.give_code(browser, staff.code_of(carla))
    assert Session.objects.get().get_decoded()[SESSION_KEY] == str(carla.pk)
    assert person_of_session("c" * 32) is None
    chosen = SessionStore("c" * 32)
    assert list(chosen.keys()) == []
    assert chosen.session_key is None
