"""`bongsu audit`: is the trail whole, and its last line noted outside the database."""

from dataclasses import asdict

from bongsu.cli.floor import answering, opened
from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text

_TORN = Text(
    "바깥 사본의 마지막 줄이 쓰다가 끊겼습니다. 정전이면 그럴 수 있고, 다음 사본은 새 줄에 적힙니다.",
    "The last anchor was cut off while it was written, as a power cut does; the next one begins a new line.",
)


def verify(session: Session, *, as_json_: bool) -> ExitCode:
    """Print every fault, and how many lines were looked at."""
    opened(session)
    from django.conf import settings  # noqa: PLC0415 - an extra

    from bongsu.people.anchors import is_torn  # noqa: PLC0415 - likewise
    from bongsu.people.models import AuditLine  # noqa: PLC0415 - likewise
    from bongsu.people.verify import verify as faults_of  # noqa: PLC0415 - likewise

    with answering():
        faults = faults_of(settings.AUDIT_KEY, settings.ANCHORS)
        lines = AuditLine.objects.count()
    if as_json_:
        as_json(session, {"whole": not faults, "lines": lines, "faults": [asdict(one) for one in faults]})
    else:
        for one in faults:
            session.out.print(f"{one.seq}: {session.say(one.what)}", markup=False, soft_wrap=True)
        session.out.print(session.say(_summary(lines, len(faults))))
        if is_torn(settings.ANCHORS):
            session.out.print(session.say(_TORN), soft_wrap=True)
    return ExitCode.BAD_INPUT if faults else ExitCode.DONE


def anchor(session: Session, *, as_json_: bool) -> ExitCode:
    """Note the head."""
    opened(session)
    from django.conf import settings  # noqa: PLC0415 - an extra

    from bongsu.people.anchors import anchor as note  # noqa: PLC0415 - likewise

    with answering():
        note(settings.ANCHORS, settings.AUDIT_KEY, session.now)
    if as_json_:
        as_json(session, {"anchors": str(settings.ANCHORS)})
    else:
        said = Text("마지막 줄을 남겼습니다: {file}", "The last line is noted: {file}").format(file=settings.ANCHORS)
        session.out.print(session.say(said), markup=False, soft_wrap=True)
    return ExitCode.DONE


def _summary(lines: int, faults: int) -> Text:
    if not faults:
        return Text("{n}줄이 온전합니다.", "{n} lines, all whole.").format(n=f"{lines:,}")
    return Text("{n}줄 가운데 흠 {m}곳.", "{n} lines, {m} faults.").format(n=f"{lines:,}", m=f"{faults:,}")
