"""A mission's box for notices: paste a foreign text, read what it means at home, and make a report of it in one tap."""

from typing import Any
from uuid import UUID

from django.db import transaction

from bongsu.language import BadInputError, Language, Text
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, InvalidError, NotThereError
from bongsu.people.models import User
from bongsu.people.reader import Actor
from bongsu.responses import entered, rules
from bongsu.responses.actions.ledger import doer
from bongsu.responses.actions.reports import begun
from bongsu.responses.answering import answered
from bongsu.responses.models import PastedNotice, Report
from bongsu.responses.states import Step

MOST_NOTICE = 2 << 20  # bytes
_SURE = ("high", "medium")


def paste(*, by: Actor, text: str, country: str = "") -> PastedNotice:
    """Read a foreign notice for a mission, by what is known now; the text and the answer are kept.

    Args:
        by: a mission officer.
        text: the notice, plain or HTML, in any language.
        country: whose notice it is, where the text does not say.

    Raises:
        DeniedError: not a mission officer.
        InvalidError: it is empty, too large or not a text.
    """
    why = rules.may(by.reader, Step.PASTE)
    if why is not None:
        raise DeniedError(why)
    told = entered.needed(entered.prose(text, "text", most=MOST_NOTICE), "text")
    if len(told.encode()) > MOST_NOTICE:
        raise InvalidError(
            Text(f"공고가 {MOST_NOTICE >> 20} MiB보다 큽니다.", f"the notice is larger than {MOST_NOTICE >> 20} MiB."),
            where="text",
            mend=Text("품목과 조치가 적힌 부분만 붙이십시오.", "Paste only the part with the goods and the measure."),
        )
    try:
        answer = answered(told, entered.place(country, "country") or None, by.at)
    except BadInputError as error:
        raise InvalidError(error.what, where="text", mend=error.mend) from error
    with transaction.atomic():
        row = PastedNotice.objects.create(
            mission=by.reader.mission, author_id=doer(by), at=by.at, text=told, answer=answer
        )
        write_line(by, "notice.paste", "notice", row.id, items=[one["item"] for one in answer["items"]])
    return row


@transaction.atomic
def report_from_notice(*, by: Actor, notice: UUID) -> Report:
    """A draft filled from a pasted notice and its answer; a second tap gives the same draft.

    Raises:
        NotThereError: no such notice of the actor's mission.
        DeniedError: not a mission officer.
    """
    row = PastedNotice.objects.select_for_update().filter(rules.notices_for(by.reader), pk=notice).first()
    if row is None:
        raise NotThereError(Text("공고문", "notice"))
    if row.report_id is not None:
        made = Report.objects.filter(rules.reports_for(by.reader), pk=row.report_id).first()
        if made is None:
            raise NotThereError(Text("보고", "report"))
        return made
    report = begun(by, _filled(by, row))
    row.report = report
    row.save(update_fields=("report",))
    write_line(by, "report.draft", "report", report.id)
    return report


def _filled(by: Actor, row: PastedNotice) -> dict[str, Any]:
    answer = row.answer
    notice = answer["notice"]
    language = User.objects.values_list("language", flat=True).get(pk=doer(by))
    sure = [one["item"] for one in answer["items"] if one["confidence"] in _SURE]
    seen = entered.seen
    measure = {
        "issuer": seen(notice["issuer"] or ""),
        "number": seen(notice["number"] or ""),
        "instrument": notice["instrument"],
        "direction": notice["direction"],
        **notice["dates"],
        "hs_codes": [code for code in notice["hs_codes"] if entered.is_code(code)],
    }
    return {
        "title": seen(notice["title"]) or seen(answer["answer"][language]),
        "body": answer["answer"][Language(language)],
        "items": sure[: entered.MOST_ITEMS],
        **({"place": answer["country"]} if answer["country"] else {}),
        "measure": measure,
        "observed_on": notice["dates"]["announced"],
        "origin": "official",
        "source_name": seen(notice["issuer"] or ""),
    }
