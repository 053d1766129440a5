"""Declares how long the rota's rows are kept."""

from chat.planning import shifts
from helpline.keeping import kind

RULES = {
    "planning.Shift": "400 days: when how many were wanted",
    "planning.Place": "with its shift, or until its person leaves: who works when",
    "planning.Swap": "until it is answered, or with either place",
    "planning.UsualShift": "until another week is kept as the usual one",
    "planning.RotaPreferences": "with its person, until they leave: their preferences, where to remind",
    "planning.CalendarFeed": "until its person makes another, ends it, or leaves: a hash",
}
KINDS = {
    "rota": kind("staff", "planning.Shift planning.Place planning.Swap planning.UsualShift"),
    "preferences": kind("staff", "planning.RotaPreferences planning.CalendarFeed"),
}
SPANS = {"rota": shifts.RETENTION}
