"""Maps the URLs of the pages of figures and reports."""

from django.urls import path

from chat.reports.pages import figures, notices, reports, themes

urlpatterns = [
    path("board/figures/<slug:line>/", figures.periods, name="figures"),
    path("board/figures/<slug:line>/themes/", themes.overview, name="themes"),
    path("board/figures/<slug:line>/notices/<int:year>/", notices.page, name="notices"),
    path("board/figures/<slug:line>/notices/<int:year>.pdf", notices.as_pdf, name="notices-pdf"),
    path("board/figures/<slug:line>/notices/<int:year>.csv", notices.as_csv, name="notices-csv"),
    path("board/figures/<slug:line>/report/<str:period>/", reports.page, name="report"),
    path("board/figures/<slug:line>/report/<str:period>.pdf", reports.as_pdf, name="report-pdf"),
    path("board/figures/<slug:line>/report/<str:period>.csv", reports.as_csv, name="report-csv"),
    path("board/figures/<slug:line>/report/<str:period>.ods", reports.as_ods, name="report-ods"),
    path("board/figures/<slug:line>/theme/<slug:slug>/<str:period>/", reports.theme, name="report-theme"),
    path(
        "board/figures/<slug:line>/theme/<slug:slug>/<str:period>.pdf",
        reports.theme_as_pdf,
        name="report-theme-pdf",
    ),
    path("board/figures/<slug:line>/<str:period>.json", figures.as_json, name="figures-json"),
    path("board/figures/<slug:line>/<str:period>.csv", figures.as_csv, name="figures-csv"),
]
