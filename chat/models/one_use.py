"""Stores hashes of answers and tickets that may be used only once."""

from django.db import models


class UsedWork(models.Model):
    """Holds the hash of an answered challenge or of a used ticket, so that neither can be used again. The row
    does not say who used it."""

    mark = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of what was used")
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.mark[:8]
