"""What is asked of the turns of the watch: when it last looked, and whether one hangs. "Nothing raised" needs it."""

from dataclasses import dataclass

from bongsu.alerts.models import Cycle
from bongsu.people.reader import Reader
from bongsu.people.roles import OFFICERS, Role

_LOOKED_BACK = 20  # turns; a finished one is among them unless the watch has been failing for long


@dataclass(frozen=True)
class Turn:
    """Where the watch stands.

    Args:
        last: the newest whole turn; None: it has never run to its end, or not for long.
        hanging: a turn begun after it and not finished: it runs, or died, and will be gone over again.
    """

    last: Cycle | None
    hanging: Cycle | None

    @property
    def never(self) -> bool:
        """Has the watch never looked?"""
        return self.last is None and self.hanging is None


def last_turn(reader: Reader) -> Turn | None:
    """Where the watch stands, for officers and those who keep the house; None: not for this reader."""
    if reader.role not in OFFICERS and reader.role is not Role.ADMINISTRATOR:
        return None
    newest = list(Cycle.objects.order_by("-started_at", "-pk")[:_LOOKED_BACK])
    last = next((one for one in newest if one.finished_at is not None), None)
    hanging = next((one for one in newest if one.finished_at is None), None)
    older = hanging is not None and last is not None and hanging.started_at < last.started_at
    return Turn(last, None if older else hanging)
