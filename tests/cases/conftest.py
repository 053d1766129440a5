"""Removal cases in letters need a line that takes them."""

from tests.letters.conftest import installation, post_box

__all__ = ["installation", "post_box"]
