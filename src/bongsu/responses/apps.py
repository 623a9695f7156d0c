from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """The app as Django knows it."""

    name = "bongsu.responses"
    default_auto_field = "django.db.models.BigAutoField"
