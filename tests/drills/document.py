"""Reads the commands of a document, in the order in which a person types them."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.support.platform import ROOT

_FENCE = re.compile(
    r"^(?P<heading>#+ [^\n]*)$|^(?P<mark><!-- [^\n]* -->\n)?```sh\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """Holds the text between two fences, its heading, and the mark before it, if there is one."""

    heading: str
    text: str
    mark: str = ""


def blocks(name: str) -> list[Block]:
    """Returns each block of shell in `docs/<name>`."""
    heading, found = "", []
    for match in _FENCE.finditer(Path(ROOT, "docs", name).read_text()):
        if match["heading"]:
            heading = match["heading"].lstrip("# ")
        else:
            found.append(Block(heading, match["text"], (match["mark"] or "").strip("<!- >\n")))
    return found
