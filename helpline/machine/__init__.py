"""Does what root has to do on a machine with the Debian package: sets it up, and changes the release.

It uses neither Django nor the settings of the processes, since `helpline setup` still has to write them.
"""
