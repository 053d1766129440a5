"""Switches off the mechanism that WITHOUT names, in the web processes only."""

import os
import sys

from django.apps import AppConfig


class Without(AppConfig):
    name = "benchmarks.without"
    label = "without"

    def ready(self) -> None:
        if "serve" in sys.argv:
            from benchmarks.without.ways import WAYS  # noqa: PLC0415 – needs the models of every app

            WAYS[os.environ["WITHOUT"]]()
