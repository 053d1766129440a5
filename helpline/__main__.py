"""Runs the command `helpline`; in a checkout `manage.py` does the same."""

import importlib
import os
import signal
import sys

from django.core.management import execute_from_command_line

from helpline import __version__
from helpline.lib.errors import FOR_A_PERSON, CannotStart


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
    if sys.argv[1:] in (["--version"], ["version"]):
        print(f"helpline {__version__}")  # noqa: T201 – Django would print its own version
        return
    try:
        # The settings are imported first, because Django continues without them if they cannot be read.
        importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
        if sys.argv[1:] in ([], ["help"], ["--help"], ["-h"]):
            from helpline import overview  # noqa: PLC0415 – needs the settings

            print(overview.text())  # noqa: T201 – Django would print its own list
            return
        _refuse_absent(sys.argv[1:2])
        execute_from_command_line(sys.argv)
    except CannotStart as error:
        _end(str(error))
    except KeyboardInterrupt:
        raise SystemExit(128 + signal.SIGINT) from None
    except Exception as error:
        from helpline.lib import failures  # noqa: PLC0415 – needs the settings

        if "--traceback" in sys.argv or not (sentence := failures.in_words(error)):
            raise
        _end(sentence)


def _refuse_absent(command: list[str]) -> None:
    """Raises CannotStart for a command of an app that is not installed. The error names that app."""
    from helpline import optional_apps  # noqa: PLC0415 – needs the settings

    if command and command[0].isidentifier() and (app := optional_apps.home_of_command(command[0])):
        raise CannotStart(f"`{command[0]}` belongs to the app {app}, which HELPLINE_APPS does not name.")


def _end(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(FOR_A_PERSON)


if __name__ == "__main__":
    main()
