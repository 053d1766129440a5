from django.apps import AppConfig


class HelplineConfig(AppConfig):
    name = "helpline"

    def ready(self) -> None:
        from helpline import checks  # noqa: F401, PLC0415 – registers the checks
