"""The command `helpline`; in a checkout `manage.py` is the same."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
