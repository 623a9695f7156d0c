"""That something sensitive was read is itself kept."""

from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError
from bongsu.people.models import AuditLine
from bongsu.people.reader import Actor
from bongsu.people.refusals import NOT_YOURS


def noted_read(*, by: Actor, kind: str, ref: object) -> AuditLine:
    """Write down that `by` was shown an entry graded S or above, or the body of a report."""
    if by.reader.role is None:
        raise DeniedError(NOT_YOURS)
    return write_line(by, f"{kind}.read", kind, ref)
