"""Declares the naive chat's only app."""

from django.apps import AppConfig


class NaiveConfig(AppConfig):
    name = "benchmarks.baselines.naive"
    label = "naive"
