"""Where attachments are kept: under their SHA-256, in a folder that no web server serves."""

from pathlib import Path

from django.conf import settings


def place_of(digest: str) -> Path:
    """The file that holds the content with a digest."""
    return Path(settings.ATTACHMENTS) / digest[:2] / digest
