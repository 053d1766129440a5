import importlib

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy


class CounsellorsConfig(AppConfig):
    name = "counsellors"
    verbose_name = gettext_lazy("admin.app.counsellors")
    default = True

    def ready(self) -> None:
        importlib.import_module("counsellors.signin.withdrawals")


class AdminConfig(admin.AdminConfig):
    """Configures Django's admin with the sign-in of the other staff pages."""

    default_site = "counsellors.administration.site.StaffSite"
    default = False
