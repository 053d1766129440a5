"""Declares the URLs of practice."""

from django.urls import path

from chat.practice import pages

urlpatterns = [
    path("practice/<slug:line>/", pages.play, name="practice"),
    path("practice/<slug:line>/link/", pages.guest_link, name="practice-link"),
]
