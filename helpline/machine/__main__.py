"""Runs the commands `setup`, `certificate` and `upgrade` as root, and those that `postinst` needs."""

import argparse
import os
import sys

from helpline.machine import environment_file, proxies, setup, upgrade
from helpline.machine.machine import Machine, Stopped

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def parser_of(machine: Machine) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpline", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "settings", help="writes the file of settings, with secrets of its own, if there is none"
    )
    setup.add_options(commands.add_parser("setup", help="sets up this machine"), machine)
    commands.add_parser("certificate", help="gives the proxy a certificate that was renewed")
    upgrade.add_options(commands.add_parser("upgrade", help="changes to another release"))
    return parser


def main(words: list[str]) -> int:
    machine = Machine()
    given = parser_of(machine).parse_args(words)
    if os.geteuid():
        sys.stderr.write("Run this as root.\n")
        return 1
    os.environ["PATH"] = PATH  # after `su`, PATH lacks the folders of root's programs
    os.umask(0o022)  # folders are for other accounts, too; files that hold a secret get their own mode
    try:
        match given.command:
            case "settings":
                environment_file.make(machine)
            case "setup":
                setup.run(machine, given)
            case "certificate":
                staff, callers, *_ = setup.hosts(environment_file.read(machine))
                sys.stdout.write(f"{proxies.renew(machine, [callers, staff])} Open pages connect again.\n")
            case _:
                upgrade.run(machine, given)
    except Stopped as error:
        sys.stderr.write(f"{error}\n" if error.args else "")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Run it again; it goes on from here.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
