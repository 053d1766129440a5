"""What root does on a machine where the package is installed: setting it up, and changing the release.

It uses neither Django nor the settings of the processes, which `helpline setup` has yet to write.
"""
