"""Declares the URLs of a demo's pages."""

from django.urls import path

from chat.demo.pages import demo, evening

urlpatterns = [
    path("demo/", demo.people, name="demo"),
    path("demo/in/", demo.become, name="demo-in"),
    path("demo/evening/", demo.play_evening, name="demo-evening"),
    path("board/evening/", evening.play, name="evening"),
]
