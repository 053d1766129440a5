"""Maps the URLs of the rota's pages."""

from django.urls import path

from chat.planning.pages import calendars, rota

urlpatterns = [
    path("rota/", rota.overview, name="rota"),
    path("rota/preferences/", rota.own_preferences, name="rota-preferences"),
    path("rota/calendar/", calendars.own_feed, name="rota-calendar"),
    path("rota/shift/<slug:shift>/", rota.one_shift, name="rota-shift"),
    path("rota/shift/<slug:shift>/swap/", rota.swap, name="rota-swap"),
    path("rota/asked/<slug:asked>/", rota.answer, name="rota-answer"),
    path("calendar/<slug:secret>.ics", calendars.feed, name="calendar"),
    path("board/rota/<slug:line>/import/", calendars.take_file, name="rota-import"),
]
