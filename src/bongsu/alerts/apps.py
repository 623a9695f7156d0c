from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """The app as Django knows it."""

    name = "bongsu.alerts"
    default_auto_field = "django.db.models.BigAutoField"
