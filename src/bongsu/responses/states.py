"""The states of taskings, reports and standing checks, the steps between them, and what each is called."""

from collections.abc import Mapping
from enum import StrEnum

from bongsu.language import Text


class TaskingState(StrEnum):
    """Where a tasking stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ReportState(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"


class CheckState(StrEnum):
    """What is known of a standing check at a moment. Overdue is not nil."""

    DUE = "due"
    NIL = "done_nil"
    REPORTED = "done_report"
    OVERDUE = "overdue"


class Step(StrEnum):
    """What a person can do here."""

    ASK = "ask"
    CLOSE_TASKING = "close_tasking"
    WITHDRAW_TASKING = "withdraw_tasking"
    DRAFT = "draft"
    SAVE = "save"
    ATTACH = "attach"
    DETACH = "detach"
    SUBMIT = "submit"
    RETURN = "return"
    REVIEW = "review"
    WITHDRAW = "withdraw"
    TIP = "tip"
    NIL = "nil"
    PASTE = "paste"


class TaskingKind(StrEnum):
    """What happens to a tasking."""

    ASKED = "asked"
    REMINDED = "reminded"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # the report that answered was withdrawn
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ReportKind(StrEnum):
    """What happens to a report."""

    DRAFTED = "drafted"
    SAVED = "saved"
    KEPT_ASIDE = "kept_aside"  # a text typed over an older version: kept, and changes nothing
    ATTACHED = "attached"
    DETACHED = "detached"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken_back"  # its statement


_T, _R, _S = TaskingState, ReportState, Step

# From which states a step may be taken, and where it leads. What is not here cannot be done.
TASKING_EDGES: Mapping[Step, Mapping[TaskingState, TaskingState]] = {
    _S.CLOSE_TASKING: {_T.OPEN: _T.CLOSED, _T.ANSWERED: _T.CLOSED},
    _S.WITHDRAW_TASKING: {_T.OPEN: _T.WITHDRAWN, _T.ANSWERED: _T.WITHDRAWN},
}
_WRITING = {_R.DRAFT: _R.DRAFT, _R.RETURNED: _R.RETURNED}
REPORT_EDGES: Mapping[Step, Mapping[ReportState, ReportState]] = {
    _S.SAVE: _WRITING,
    _S.ATTACH: _WRITING,
    _S.DETACH: _WRITING,
    _S.SUBMIT: {_R.DRAFT: _R.SUBMITTED, _R.RETURNED: _R.SUBMITTED},
    _S.RETURN: {_R.SUBMITTED: _R.RETURNED},
    _S.REVIEW: {_R.SUBMITTED: _R.REVIEWED},
    _S.WITHDRAW: {state: _R.WITHDRAWN for state in _R if state is not _R.WITHDRAWN},
}

TASKING_NAMES = {
    _T.OPEN: Text("확인 중", "open"),
    _T.ANSWERED: Text("회신 완료", "answered"),
    _T.CLOSED: Text("종결", "closed"),
    _T.WITHDRAWN: Text("철회", "withdrawn"),
}
REPORT_NAMES = {
    _R.DRAFT: Text("작성 중", "draft"),
    _R.SUBMITTED: Text("제출", "submitted"),
    _R.RETURNED: Text("보완 요청", "returned"),
    _R.REVIEWED: Text("검토 완료", "reviewed"),
    _R.WITHDRAWN: Text("철회", "withdrawn"),
}
CHECK_NAMES = {
    CheckState.DUE: Text("점검할 차례", "due"),
    CheckState.NIL: Text("특이동향 없음", "nothing to report"),
    CheckState.REPORTED: Text("보고함", "reported"),
    CheckState.OVERDUE: Text("기한 지남", "overdue"),
}
STEP_NAMES = {
    _S.ASK: Text("확인요청", "ask missions"),
    _S.CLOSE_TASKING: Text("확인요청 종결", "close the tasking"),
    _S.WITHDRAW_TASKING: Text("확인요청 철회", "withdraw the tasking"),
    _S.DRAFT: Text("보고 작성", "write a report"),
    _S.SAVE: Text("저장", "save"),
    _S.ATTACH: Text("파일 붙이기", "attach a file"),
    _S.DETACH: Text("파일 떼기", "remove a file"),
    _S.SUBMIT: Text("제출", "submit"),
    _S.RETURN: Text("보완 요청", "return"),
    _S.REVIEW: Text("검토", "review"),
    _S.WITHDRAW: Text("철회", "withdraw"),
    _S.TIP: Text("제보", "file a tip"),
    _S.NIL: Text("특이동향 없음", "nothing to report"),
    _S.PASTE: Text("공고문 붙여넣기", "paste a notice"),
}

# Who said what a report passes on, and what their word is worth until a reviewer says otherwise (the admiralty scale).
ORIGINS = {
    "official": Text("당국", "authority"),
    "press": Text("언론", "press"),
    "firm": Text("기업", "firm"),
    "agency": Text("KOTRA 등 기관", "agency (KOTRA and the like)"),
    "own": Text("공관 자체 확인", "the mission itself"),
}
BEARINGS = {
    "tighter": Text("공급이 빠듯해짐", "supply gets tighter"),
    "easier": Text("공급이 풀림", "supply gets easier"),
    "steady": Text("변화 없음", "no change"),
}
OFFERED = {"official": "B", "press": "C", "firm": "F", "agency": "B", "own": "B"}
TIPPERS = ("firm", "agency")
RELIABILITY = {
    "A": Text("완전히 신뢰", "completely reliable"),
    "B": Text("대체로 신뢰", "usually reliable"),
    "C": Text("어느 정도 신뢰", "fairly reliable"),
    "D": Text("대체로 신뢰하기 어려움", "not usually reliable"),
    "E": Text("신뢰할 수 없음", "unreliable"),
    "F": Text("판단 불가", "cannot be judged"),
}
CREDIBILITY = {
    1: Text("다른 출처로 확인됨", "confirmed by other sources"),
    2: Text("사실일 가능성이 큼", "probably true"),
    3: Text("사실일 수 있음", "possibly true"),
    4: Text("의심스러움", "doubtful"),
    5: Text("사실일 것 같지 않음", "improbable"),
    6: Text("판단 불가", "cannot be judged"),
}
