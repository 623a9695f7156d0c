from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app as Django knows it."""

    name = "bongsu.people"
    default_auto_field = "django.db.models.BigAutoField"
