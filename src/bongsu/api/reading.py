"""That something sensitive was read is noted, as on the screens."""

from bongsu.api.callers import Asked
from bongsu.people.actions import noted_read
from bongsu.people.markings import Grade


def note_reading(request: Asked, kind: str, ref: object, grade: int) -> None:
    """Write into the trail that the caller was shown an entry graded S or above."""
    if grade >= Grade.S:
        noted_read(by=request.auth.acting(request), kind=kind, ref=ref)
