"""Iris supervises the module's line, and opens its figures in a browser."""

import pytest
from django.test import Client

from chat.models import Line, Work
from counsellors.models import Person
from tests.support import admin_pages as staff


@pytest.fixture
def iris(line: Line) -> Person:
    person = staff.floor()
    Work.objects.create(person=person, line=line)
    return person


@pytest.fixture
def browser(iris: Person) -> Client:
    browser = staff.sign_in(iris)
    staff.proves_a_device(browser, iris)
    return browser
