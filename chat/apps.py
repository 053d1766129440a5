import importlib

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = gettext_lazy("admin.app.chat")

    def ready(self) -> None:
        importlib.import_module("chat.supervision.role_changes")
        importlib.import_module("chat.supervision.signed_out")
