"""That something sensitive was shown is itself written down."""

from bongsu.people.actions import noted_read
from bongsu.people.markings import Grade
from bongsu.web.acting import Request, actor_of


def note_sensitive(request: Request, kind: str, ref: object, grade: int) -> None:
    """Write down that an entry graded S or above was shown."""
    if grade >= Grade.S:
        noted_read(by=actor_of(request), kind=kind, ref=ref)
