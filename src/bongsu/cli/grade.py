"""`bongsu grade`: every code of a customs schedule by letter and by dependence method, with reasons and what would change it."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rich.markup import escape

from bongsu.cli.grade_answer import Asked, answer
from bongsu.cli.grade_rows import FACT, FLOWS, MIRROR
from bongsu.cli.output import Column, as_csv, as_json, as_table, as_xlsx
from bongsu.cli.session import Session
from bongsu.codes.countries import country
from bongsu.codes.hs import hs_name
from bongsu.items.grade import NAMES
from bongsu.items.item import LETTERS
from bongsu.items.item import UNKNOWN as UNASSESSED
from bongsu.language import ExitCode, Language, Text

MOST_LINES = 40  # of codes on a screen; the other forms give all
MOST_REASONS = 8
BRIEF = 72  # letters of a name on a screen
_MILLION = 1e6

BASES = {
    FLOWS: Text("수입 통계", "imports"),
    FACT: Text("공표된 비중", "published shares"),
    MIRROR: Text("상대국 신고", "partners' exports"),
}
UNKNOWN = Text("모름", "unknown")
YES, NO, OPEN = Text("의존", "yes"), Text("아님", "no"), Text("판단 불가", "?")
METHODS = (
    Column("name", Text("방법", "Method"), width=36),
    Column("judged", Text("판단", "Judged"), right=True),
    Column("dependent", Text("의존", "Dependent"), right=True),
    Column("not_dependent", Text("아님", "Not"), right=True),
    Column("cannot_be_told", Text("판단 불가", "Cannot be told"), right=True),
    Column("headline", Text("원 발표의 수치", "What its publication found"), width=60),
)
AGREEMENT = (
    Column("one", Text("방법 가", "Method 1")),
    Column("other", Text("방법 나", "Method 2")),
    Column("both", Text("둘 다 의존", "Both"), right=True),
    Column("only_one", Text("가만", "Only 1"), right=True),
    Column("only_other", Text("나만", "Only 2"), right=True),
    Column("neither", Text("둘 다 아님", "Neither"), right=True),
    Column("cannot_be_told", Text("판단 불가", "Cannot be told"), right=True),
)
GRADES = (
    Column("kind", Text("등급", "Grade")),
    *(Column(letter, Text(letter, letter), right=True) for letter in LETTERS),
    Column("unknown", UNKNOWN, right=True),
)
KINDS = {
    "grade": Text("볼 등급", "to read"),
    "this_year": Text("올해", "this year"),
    "damped": Text("3년 완충", "damped over 3 years"),
}
SCREEN = (
    Column("shown_grade", Text("등급", "Grade"), wrap=False),
    Column("code", Text("부호", "Code"), wrap=False),
    Column("brief_name", Text("이름", "Name"), width=38),
    Column("shown_supplier", Text("최대 공급국", "Top supplier"), width=24),
    Column("shown_imports", Text("수입(백만)", "Imports, m"), right=True),
    Column("shown_criteria", Text("대체/국내/중요도", "Subst./domestic/import."), width=18),
    Column("at_best", Text("최선", "At best")),
    Column("shown_methods", Text("의존이라는 방법", "Dependent by"), width=16),
    Column("change", Text("바뀌는 조건", "What would change it"), width=24),
)
SHEET = (
    Column("code", Text("부호", "Code")),
    Column("code_system", Text("부호 체계", "Code system")),
    Column("digits", Text("자릿수", "Digits"), right=True),
    Column("level", Text("단계", "Level")),
    Column("shown_name", Text("이름", "Name"), width=40),
    Column("name_of", Text("이름이 가리키는 부호", "Name is of")),
    Column("basket", Text("함께 든 물품", "Basket of"), width=30),
    Column("items", Text("품목", "Items"), width=20),
    Column("holds", Text("안에 든 품목", "Holds items"), width=20),
    Column("grade", Text("등급", "Grade")),
    Column("grade_rests_on", Text("등급의 근거", "Grade rests on")),
    Column("this_year", Text("올해 등급", "This year's")),
    Column("between", Text("올해 등급의 범위", "Between")),
    Column("damped", Text("3년 완충 등급", "Damped")),
    Column("damped_between", Text("완충 등급의 범위", "Damped between")),
    Column("shown_years", Text("해마다", "By year")),
    Column("at_best", Text("모르는 기준이 가장 좋아도", "At best")),
    Column("unknown_criteria", Text("모르는 기준", "Unknown criteria")),
    Column("top_supplier", Text("최대 공급국", "Top supplier")),
    Column("top_share", Text("비중", "Share"), right=True),
    Column("share_low", Text("비중 하한", "Share at least"), right=True),
    Column("share_high", Text("비중 상한", "Share at most"), right=True),
    Column("complete", Text("모두 공개됨", "Complete")),
    Column("imports", Text("수입액", "Imports"), right=True),
    Column("currency", Text("통화", "Currency")),
    Column("at_stake", Text("그 나라에서 오는 금액", "At stake"), right=True),
    Column("why", Text("이유", "Why"), width=50),
    Column("change", Text("바뀌는 조건", "What would change it"), width=40),
    Column("disagree_why", Text("방법이 갈리는 까닭", "Why methods disagree"), width=50),
    Column("basis", Text("자료", "Basis")),
    Column("source", Text("출처", "Source")),
    Column("valid", Text("대상 기간", "Valid")),
    Column("citation", Text("인용", "Citation"), width=20),
    Column("licence", Text("이용 조건", "Licence"), width=20),
)


def run(session: Session, asked: Asked, *, form: str, xlsx: Path | None) -> ExitCode:
    """Judge, and say so."""
    with session.err.status(session.say(Text("수입을 더하고 판단하는 중…", "adding up imports, judging …"))):
        told = answer(session, asked)
    if xlsx:
        as_xlsx(session, xlsx, _sheet(told), [_flat(session, row) for row in told["codes"]])
    elif form == "json":
        as_json(session, told)
    elif form == "csv":
        as_csv(session, _sheet(told), [_flat(session, row) for row in told["codes"]])
    else:
        _print(session, asked, told)
    return ExitCode.DONE


def _sheet(told: Mapping[str, Any]) -> list[Column]:
    """The columns of a sheet: one more for each method."""
    at = next(place for place, column in enumerate(SHEET) if column.key == "why")
    methods = [Column(f"by_{one['method']}", one["name"]) for one in told["methods"]]
    return [*SHEET[:at], *methods, *SHEET[at:]]


def _flat(session: Session, row: Mapping[str, Any]) -> dict[str, Any]:
    """A code's row for a sheet or a screen."""
    verdicts = {f"by_{name}": _verdict(one["dependent"]) for name, one in row["methods"].items()}
    dependent = ", ".join(name for name, one in row["methods"].items() if one["dependent"])
    name = _name(session, row)
    brief = ", ".join(session.say(one) for one in row["item_names"]) or name
    imports = None if row["imports"] is None else f"{row['imports'] / _MILLION:,.1f}"
    return {
        **row,
        **verdicts,
        "between": _range(row["between"]),
        "damped_between": _range(row["damped_between"]),
        "complete": None if row["complete"] is None else session.say(_said(yes=row["complete"])),
        "shown_years": ", ".join(f"{year} {letter or '?'}" for year, letter in row["years"].items()),
        "shown_grade": _grade(session, row),
        "shown_name": name,
        "brief_name": brief if len(brief) <= BRIEF else f"{brief[: BRIEF - 1]}…",
        "shown_criteria": _criteria(session, row["criteria"]),
        "shown_supplier": _supplier(session, row),
        "shown_imports": imports,
        "shown_methods": dependent,
        "style": "bold" if row["grade"] == LETTERS[0] and row["disagree"] else None,
    }


def _criteria(session: Session, assessed: Mapping[str, str]) -> str:
    return "/".join("?" if value == UNASSESSED else session.say(NAMES[value]) for value in assessed.values())


def _said(*, yes: bool) -> Text:
    return Text("예", "yes") if yes else Text("아니요", "no")


def _verdict(dependent: bool | None) -> Text:  # noqa: FBT001 - the value itself
    return OPEN if dependent is None else YES if dependent else NO


def _range(letters: Sequence[str] | None) -> str | None:
    return "–".join(letters) if letters else None


def _grade(session: Session, row: Mapping[str, Any]) -> str:
    """The letter; undamped ones marked with the year they rest on alone, open ones with their bounds."""
    if row["grade"] is None:
        return _range(row["between"]) or session.say(UNKNOWN)
    marks = {"year": "¹", "override": "²"}
    return f"{row['grade']}{marks.get(row['grade_rests_on'], '')}"


def _name(session: Session, row: Mapping[str, Any]) -> str:
    """The code's name, with the Korean chapter before an English one, and what makes it a basket."""
    named = session.say(row["name"]) if row["name"] else session.say(UNKNOWN)
    chapter = hs_name(row["code"][:2])
    if session.language is Language.KO and chapter and not row["name_in_korean"]:
        named = f"[{chapter.ko}] {named}"
    if row["basket"] is not None:
        goods = ", ".join(session.say(one) for one in row["basket"])
        basket = session.say(Text("여러 물품을 담은 부호", "basket"))
        named = f"{named} ({basket}{': ' if goods else ''}{goods})"
    return named


def _supplier(session: Session, row: Mapping[str, Any]) -> str:
    if row["top_supplier_name"] is None:
        return session.say(UNKNOWN)
    share = row["share_low"] if row["complete"] else row["top_share"]
    about = "" if row["complete"] else session.say(Text(" (알려진 것 가운데)", " (of what is known)"))
    return f"{session.say(row['top_supplier_name'])} {share:.1%}{about}"


# ---- for people


def _print(session: Session, asked: Asked, told: Mapping[str, Any]) -> None:
    out = session.out
    out.print(f"[bold]{escape(session.say(_headline(told)))}[/bold]")
    if told["codes"] or told["counts"]["codes"]:
        _summary(session, told)
    if asked.codes:
        for row in told["codes"]:
            _detail(session, row)
    elif told["codes"]:
        as_table(session, SCREEN, [_flat(session, row) for row in islice(told["codes"], MOST_LINES)])
        _foot(session, told)
    for note in told["notes"]:
        out.print(f"[dim]{escape(session.say(note))}[/dim]")


def _headline(told: Mapping[str, Any]) -> Text:
    home = country(told["home"]).name
    if told["basis"] is None:
        return Text(f"{home.ko}: 판단할 기록이 없습니다.", f"{home.en}: nothing to judge.")
    if told["basis"] != FLOWS:
        basis = BASES[told["basis"]]
        return Text(f"{home.ko} {told['year']}년 · {basis.ko}", f"{home.en}, {told['year']} · {basis.en}")
    name = told["source_name"] or Text(told["source"], told["source"])
    added = told["roll_up_from"]
    up = Text(f", {added}자리에서 더함", f", added up from {added}") if added else Text("", "")
    digits = f"{told['code_system']} {told['digits']}"
    return Text(
        f"{home.ko} {told['year']}년 · {name.ko}({told['source']}) · {digits}자리{up.ko}",
        f"{home.en}, {told['year']} · {name.en} ({told['source']}) · {digits} digits{up.en}",
    )


def _summary(session: Session, told: Mapping[str, Any]) -> None:
    counts = told["counts"]
    said = Text(
        "부호 {codes:,}개, 수입이 있는 것 {with_imports:,}개, 수입 없음 {no_imports:,}개, 일부 비공개 {partly_hidden:,}개, "
        "공표된 비중으로 매긴 것 {from_published_shares:,}개, 품목 목록에 든 것 {of_items:,}개.",
        "{codes:,} codes, {with_imports:,} with imports, {no_imports:,} without, {partly_hidden:,} partly hidden, "
        "{from_published_shares:,} from published shares, {of_items:,} of catalogue items.",
    )
    session.out.print(session.say(said.format(**counts)))
    as_table(session, GRADES, [{"kind": KINDS[kind], **row} for kind, row in told["grades"].items()])
    as_table(session, METHODS, told["methods"])
    _bands(session, told["bands"])
    met = [pair for pair in told["agreement"] if pair["cannot_be_told"] < counts["codes"]]
    if met:
        as_table(session, AGREEMENT, met)
    _disagreements(session, told)


def _bands(session: Session, bands: Mapping[str, Any]) -> None:
    of = {name: f"{one['codes']:,} ({one['above_floor']:,})" for name, one in bands.items() if isinstance(one, Mapping)}
    shares = ", ".join(f"≥{name}% {shown}" for name, shown in of.items() if name.isdigit())
    said = Text(
        "한 나라 비중별 부호 수(괄호는 수입 1천만 달러 이상): {shares}; HHI 0.4 초과 {hhi}.",
        "Codes by share of one country (in brackets those of USD 10 m and more): {shares}; HHI above 0.4 {hhi}.",
    )
    session.out.print(session.say(said.format(shares=shares, hhi=of.get("hhi_over_0.4", UNKNOWN))))


def _disagreements(session: Session, told: Mapping[str, Any]) -> None:
    if not told["disagreements"]:
        return
    head = Text(
        "방법이 갈리는 부호 {n:,}개. 다른 방법은 의존이라는데 아니라고 한 까닭:",
        "Methods disagree over {n:,} codes. What kept a code out of a method while another calls it dependent:",
    )
    session.out.print(session.say(head.format(n=told["counts"]["disagree"])))
    for one in islice(told["disagreements"], MOST_REASONS):
        session.out.print(f"  {one['codes']:>7,}  {one['method']}: {escape(session.say(one['text']))}")


def _foot(session: Session, told: Mapping[str, Any]) -> None:
    key = Text(
        "¹ 한 해만으로 매긴 등급, ² 담당자가 조정한 등급. 범위(A–C)는 공개되지 않은 몫에 따라 달라지는 등급.",
        "¹ on one year alone, ² set by a person. A range (A–C) is open for what is hidden.",
    )
    session.out.print(session.say(key))
    if len(told["codes"]) > MOST_LINES:
        more = Text(
            "{n:,}개 가운데 {most}개. 모두 보려면 --csv, --json, --xlsx. 하나를 자세히 보려면 --code.",
            "{most} of {n:,} codes; --csv, --json or --xlsx give all, --code one in full.",
        )
        session.out.print(session.say(more.format(n=len(told["codes"]), most=MOST_LINES)))


def _detail(session: Session, row: Mapping[str, Any]) -> None:
    say, out, full = session.say, session.out, row["detail"]
    flat = _flat(session, row)
    out.print(f"\n[bold]{row['code']} {escape(flat['shown_name'])} · {flat['shown_grade']}[/bold]")
    lines = [
        (Text("품목", "Items"), ", ".join(row["items"]) or say(Text("없음", "none"))),
        (Text("해마다의 등급", "Letters by year"), flat["shown_years"] or say(UNKNOWN)),
        (Text("최대 공급국", "Top supplier"), flat["shown_supplier"]),
        (Text("수입액(백만)", "Imports, m"), f"{flat['shown_imports'] or say(UNKNOWN)} {row['currency'] or ''}"),
    ]
    for heading, value in lines:
        out.print(f"  {say(heading)}: {escape(value)}")
    for text in (*full["reasons"], *full["what_would_change"]):
        out.print(f"  [dim]{escape(say(text))}[/dim]")
    for one in full["methods"]:
        out.print(f"  {escape(say(one['name']))}: {say(_verdict(one['dependent']))}. {escape(say(one['change']))}")
    if row["disagree_why"]:
        out.print(f"  {escape(say(row['disagree_why']))}")
    for name in full["records"]:
        out.print(f"  bongsu explain {escape(name)}")
    if row["citation"]:
        out.print(f"  [dim]{escape(row['citation'])} ({escape(row['licence'])})[/dim]")
