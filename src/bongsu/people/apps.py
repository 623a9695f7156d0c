from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app as Django knows it."""

    name = "bongsu.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what allauth tells of the door; its models stand only now."""
        from bongsu.people.sign_in_trail import connect  # noqa: PLC0415 - see above

        connect()
