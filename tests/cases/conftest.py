"""Provides a line that takes letters, which removal cases in letters need."""

from tests.letters.conftest import installation, post_box

__all__ = ["installation", "post_box"]
