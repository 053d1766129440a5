"""Imports the admin classes from counsellors/administration/, because Django looks for them in this
module."""

from counsellors.administration import log, people
