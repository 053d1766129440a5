"""Threads that decode a type for the first time at the same moment do not end the process."""

import subprocess
import sys
from textwrap import dedent

# As short as possible, so that one thread begins while the other is half-way.
SCRIPT = """
    import sys, threading, msgspec
    from helpline.lib import decoding

    sys.setswitchinterval(1e-6)

    def kind():
        point = msgspec.defstruct("Point", [("says", str), ("sees", list[int], [])])
        named = {name: list[point] for name in "bcdefg"}
        return msgspec.defstruct("Page", [("a", int), *named.items(), ("h", dict[str, point])])

    values = {"a": 1, "h": {"x": {"says": "y"}}} | {name: [{"says": "z"}] for name in "bcdefg"}

    def at_once(decode, given):
        everybody = threading.Barrier(4)

        def one():
            everybody.wait()
            decode(given)

        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    for _ in range(1500):
        at_once(decoding.from_values(kind()), values)
"""


def test_what_is_prepared_is_decoded_by_several_threads_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", dedent(SCRIPT)], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
