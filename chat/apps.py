import importlib

from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        importlib.import_module("chat.supervision.new_work")
