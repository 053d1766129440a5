"""Defines the naive chat's only table, made without migrations (`migrate --run-syncdb`)."""

from typing import ClassVar

from django.db import models


class Message(models.Model):
    room = models.CharField(max_length=64, db_index=True)
    sender = models.CharField(max_length=64)
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Message"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.room} {self.at}"
