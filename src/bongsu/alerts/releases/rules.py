"""The life of a release, who may do what with it, and who sees it.

draft → approved → withdrawn          a draft may be withdrawn as well
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from django.db.models import Q

from bongsu.alerts.models import Alert, Release, Subscription
from bongsu.alerts.rules import visible as visible_alerts
from bongsu.detectors.dependence import touches
from bongsu.language import Text
from bongsu.people.reader import NOTHING, Reader
from bongsu.people.roles import JUDGES, ROLE_NAMES, Role

RELEASE = Text("배포문", "release")
SUBSCRIPTION = Text("구독", "subscription")


class State(StrEnum):
    """Where a release stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can happen to a release: the kinds of its events."""

    DRAFT = "draft"
    EDIT = "edit"
    APPROVE = "approve"
    WITHDRAW = "withdraw"


STATE_NAMES = {
    State.DRAFT: Text("초안", "draft"),
    State.APPROVED: Text("승인됨", "approved"),
    State.WITHDRAWN: Text("철회됨", "withdrawn"),
}
STEP_NAMES = {
    Step.DRAFT: Text("초안 작성", "draft"),
    Step.EDIT: Text("수정", "edit"),
    Step.APPROVE: Text("승인", "approve"),
    Step.WITHDRAW: Text("철회", "withdraw"),
}

# (from, step) → to. What is not here is refused. DRAFT has no entry: it makes the release.
EDGES: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (State.DRAFT, Step.EDIT): State.DRAFT,
        (State.DRAFT, Step.APPROVE): State.APPROVED,
        (State.DRAFT, Step.WITHDRAW): State.WITHDRAWN,
        (State.APPROVED, Step.WITHDRAW): State.WITHDRAWN,
    }
)
WRITERS = JUDGES | {Role.DESK}
APPROVERS = frozenset({Role.CENTRE, Role.DESK})
MAY: Mapping[Step, frozenset[Role]] = MappingProxyType(
    {Step.DRAFT: WRITERS, Step.EDIT: WRITERS, Step.APPROVE: APPROVERS, Step.WITHDRAW: APPROVERS}
)
SUBSCRIBE_FOR_OTHERS = frozenset({Role.CENTRE, Role.ADMINISTRATOR})


def refusal(reader: Reader, step: Step, writers: Iterable[int | None] = ()) -> Text | None:
    """Why this reader may not take the step; None: they may.

    Args:
        reader: who; a person.
        step: what.
        writers: who has written in the text: none of them approves it.
    """
    if reader.user is None or reader.role not in MAY[step]:
        who = ROLE_NAMES[reader.role] if reader.role else Text("권한 없는 사람", "somebody without a role")
        return _NOT_THEIRS.format(who=who, step=STEP_NAMES[step])
    return _OWN_TEXT if step is Step.APPROVE and reader.user in set(writers) else None


def blocked(step: Step, state: str) -> Text | None:
    """Why the state does not allow the step; None: it does."""
    if (State(state), step) in EDGES:
        return None
    return _NO_EDGE.format(state=STATE_NAMES[State(state)], step=STEP_NAMES[step])


def may(reader: Reader, step: Step, release: Release, writers: Iterable[int | None]) -> Text | None:
    """May this reader, who sees the release, take the step now? None: yes; otherwise why not."""
    return refusal(reader, step, writers) or blocked(step, release.state)


def visible(reader: Reader) -> Q:
    """Releases that those who write them may see: of the alerts that they see. Nobody else: not by this way."""
    if reader.role not in WRITERS:
        return NOTHING
    return Q(alert__in=Alert.objects.filter(visible_alerts(reader)).values("pk"))


@dataclass(frozen=True)
class Wanted:
    """What a company asked to hear of, by all its subscriptions that were open at a moment."""

    hs_codes: tuple[str, ...]
    items: tuple[str, ...]

    def fits(self, hs_codes: Iterable[str], items: Iterable[str]) -> bool:
        """Is a release for it? Codes fit where one begins with the other."""
        return bool(set(items) & set(self.items)) or any(touches(a, b) for a in hs_codes for b in self.hs_codes)


def wanted(owner: int, at: datetime | None = None) -> Wanted:
    """What an account's subscriptions name, now or at a moment."""
    standing = Q(ended_at=None) if at is None else Q(made_at__lte=at) & (Q(ended_at=None) | Q(ended_at__gt=at))
    rows = Subscription.objects.filter(standing, owner=owner, owner__is_active=True, owner__role=Role.COMPANY)
    kept = list(rows.values_list("hs_codes", "items"))
    codes, items = (
        [one for part in parts for one in part] for parts in (zip(*kept, strict=True) if kept else ((), ()))
    )
    return Wanted(tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(items)))


_NOT_THEIRS = Text(
    "{who}은(는) 배포문에 '{step}'을(를) 할 수 없습니다.", "a {who} may not do this to a release: {step}."
)
_OWN_TEXT = Text("자기가 쓴 글은 승인할 수 없습니다.", "nobody approves a text that they have written in.")
_NO_EDGE = Text(
    "'{state}' 배포문에는 '{step}'을(를) 할 수 없습니다.", "a release that is {state} does not allow this: {step}."
)
