from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app as Django knows it."""

    name = "bongsu.web"
    default_auto_field = "django.db.models.BigAutoField"
