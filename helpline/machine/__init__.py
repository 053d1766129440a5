"""Does the work that needs root on a machine with the Debian package: sets up the machine, and changes the
release.

It uses neither Django nor the settings of the processes, because `helpline setup` still has to write these
settings.
"""
