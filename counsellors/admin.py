"""Django looks for admin classes here; they are in counsellors/administration/."""

from counsellors.administration import log, people
