"""Its one application."""

from django.apps import AppConfig


class NaiveConfig(AppConfig):
    name = "benchmarks.baselines.naive"
    label = "naive"
