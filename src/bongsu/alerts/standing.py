"""How each source stands that the watch reads from: late, failed, silent, never fetched. The lake's journal tells it."""

from datetime import datetime

from django.conf import settings

from bongsu.language import Text
from bongsu.people.errors import DeniedError
from bongsu.people.reader import Reader
from bongsu.people.roles import JUDGES, Role
from bongsu.sources.due import STATES, Health, due
from bongsu.sources.source import sources

SHOWN_TO = JUDGES | {Role.ADMINISTRATOR}
_ORDER = list(STATES)


def standing(reader: Reader, now: datetime, *, zone: str) -> list[Health]:
    """Every source as it stands at a moment, what needs a hand first.

    Args:
        reader: those who judge, and who keep the house.
        now: the moment.
        zone: whose days the sentences tell.
    """
    if reader.role not in SHOWN_TO:
        raise DeniedError(
            Text(
                "출처의 상태는 판단하는 역할과 관리자만 봅니다.",
                "how sources stand is for those who judge and for administrators.",
            )
        )
    from bongsu.records.journal import Journal  # noqa: PLC0415 - its engine takes a second to import

    journal = Journal(settings.LAKE / "journal").entries()
    answered = {entry.source for entry in journal}  # it had its key then; keys themselves are not for the floor to read
    found = due(sources().values(), journal, now, keyed=answered, zone=zone)
    return sorted(found, key=lambda one: (_ORDER.index(one.state), one.source.id))
