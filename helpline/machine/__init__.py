"""Does what root does on a machine with the package: it sets the machine up, and changes the release.

It uses neither Django nor the settings of the processes, which `helpline setup` has yet to write.
"""
