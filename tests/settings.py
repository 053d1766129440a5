"""The settings of the unit tests use a data folder of their own and cheap password hashes."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.support import orphans

_folder = tempfile.mkdtemp(prefix="helpline-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
orphans.adopt_folder(Path(_folder))
os.environ["HELPLINE_VAR"] = _folder
os.environ["HELPLINE_SECRET_KEY"] = "only for tests"
os.environ["HELPLINE_ORIGINS"] = "https://hulp.example"
for name in ("DATABASE_URL", "REDIS_URL", "PORT"):
    os.environ.pop(name, None)
if url := os.environ.get("TESTS_DATABASE_URL"):  # tests/conversation/test_posting_in_postgresql.py
    os.environ["DATABASE_URL"] = url

from helpline.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
if url:
    DATABASES["default"]["ENGINE"] = "tests.support.postgresql"  # noqa: F405
