"""When the missions that have not answered are reminded of a tasking."""

from datetime import datetime, timedelta
from enum import StrEnum

from bongsu.responses.fold import TaskingFacts
from bongsu.responses.states import TaskingState


class Reminder(StrEnum):
    """A reminder: three days and one day before the deadline, when it has passed, and a day later."""

    EARLY = "early"
    NEAR = "near"
    PASSED = "passed"
    OVERDUE = "overdue"


AFTER_DEADLINE = {
    Reminder.EARLY: timedelta(days=-3),
    Reminder.NEAR: timedelta(days=-1),
    Reminder.PASSED: timedelta(0),
    Reminder.OVERDUE: timedelta(days=1),
}


def reminders_due(tasking: TaskingFacts, now: datetime) -> tuple[Reminder, ...]:
    """The reminder that is due, if one is: each goes out once, and only while the tasking is open.

    Of several moments that passed since somebody looked, the newest speaks for all: nobody gets three at once. A moment
    that lay before the question was asked never comes, and a clock that is set back brings none again.
    """
    if tasking.state is not TaskingState.OPEN or tasking.deadline is None or tasking.asked_at is None:
        return ()
    sent = [list(Reminder).index(Reminder(one)) for one in tasking.reminded]
    due = [
        (rank, reminder)
        for rank, (reminder, after) in enumerate(AFTER_DEADLINE.items())
        if tasking.asked_at - after < tasking.deadline <= now - after and rank > max(sent, default=-1)
    ]
    return (due[-1][1],) if due else ()
