"""Adds to the product's settings an app that switches off one mechanism before the process serves."""

import os

from helpline.settings import *  # noqa: F403
from helpline.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.without.apps.Without"]
if os.environ["WITHOUT"] == "prepared statements":
    DATABASES["default"]["OPTIONS"] |= {"server_side_binding": False, "prepare_threshold": None}
