"""Writes a bill of materials without the values that differ in each run: the random serial number and the
time."""

import json
import sys
from pathlib import Path


def settled(text: str) -> str:
    bill = json.loads(text)
    bill.pop("serialNumber", None)
    bill.get("metadata", {}).pop("timestamp", None)
    return json.dumps(bill, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(settled(Path(sys.argv[1]).read_text()))
