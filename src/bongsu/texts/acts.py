"""What a notice is as an act: who issued it, its number, its days, its instrument and direction."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from bongsu.texts.dates import FoundDate, find_dates
from bongsu.texts.tables import rows
from bongsu.texts.words import firsts, trie

HEAD = 200  # characters at the top of a text that say what it is
TITLE_WEIGHT = 3  # a word at the top counts as much as this many further down
TOGETHER = 80  # issuers that stand this near to each other issue together
SUSPENSION, LIFTING = "suspension", "lifting"

# In the order in which one is chosen among equals; the first two say that an act stops to bite.
INSTRUMENTS = (SUSPENSION, LIFTING, "ban", "licensing", "inspection", "quota", "duty")
_DIRECTIONS: Mapping[str, re.Pattern[str]] = {
    "export": re.compile(r"出口|出境|輸出|(?<![a-z])exports?(?:ed|ing|ation)?(?![a-z])|ekspor|수출"),
    "import": re.compile(r"进口|入境|輸入|(?<![a-z])(?:imports?(?:ed|ing|ation)?|impor)(?![a-z])|수입"),
}
_HAN_NUMBER = "0-9〇零元一二三四五六七八九十百"
_NUMBERS = re.compile(
    "|".join(
        (
            r"(?:公告|令|通告|通知)?\s?\d{4}\s?年\s?第\s?\d+\s?[号號](?:公告|令|通告)?",
            r"(?:公告|令|通告|通知)?[〔\[(]\d{4}[〕\])]\s?第?\s?\d+\s?[号號]",
            (
                rf"(?:(?:令和|平成)[{_HAN_NUMBER}]{{1,3}}年)?[\u4e00-\u9fff]{{0,8}}(?:告示|省令|政令|輸出注意事項)"
                rf"(?:\d{{4}}年?)?\s?第\s?[{_HAN_NUMBER}]+\s?号"
            ),
            (
                r"(?<![a-z])(?:public notice|trade notice|announcement|notification|notice|regulation|circular|decree|"
                r"order|decision|resolution)\s+(?:\((?:eu|ec)\)\s+)?(?:no\.?|number)\s?\d[\w/–-]*(?:\s+of\s+\d{4})?"
            ),
            r"(?:implementing |delegated )?regulation\s+\((?:eu|ec)\)\s+(?:no\.?\s+)?\d{3,4}/\d{2,4}",
            r"(?<!\d)\d{2,3}\s+fr\s+\d{4,6}",
            r"fr doc\.?\s+\d{4}-\d{5}",
            (
                r"(?<![a-z])(?:permendag|peraturan menteri [a-z ]{3,40}?|keputusan menteri [a-z ]{3,40}?|"
                r"peraturan pemerintah)\s+(?:ri\s+)?(?:republik indonesia\s+)?(?:no\.?|nomor)\s?\d+(?:[/.][\w.-]+)?"
                r"(?:\s+tahun\s+\d{4})?"
            ),
            r"(?:고시|공고|훈령|예규)?\s?제\s?\d{4}\s?-\s?\d+\s?호",
            r"(?:공고|고시)\s?\d{4}년\s?제?\s?\d+\s?호",
            r"(?:대통령령|부령|법률|공고|고시)\s?제\s?\d+\s?호",
        )
    )
)
_EFFECTIVE_BEFORE = re.compile(
    r"(?:with effect from|effective(?: date)?(?: is)?(?: from| on| as of)?:?|"
    r"(?:enters?|comes?|coming|entering)(?: into)? (?:force|effect)(?: on| from)?|takes? effect(?: on| from)?|"
    r"in force (?:on|from|since)|(?:starting|beginning)(?: from| on)?|as of|"
    r"(?<![a-z])mulai(?: berlaku)?(?: efektif)?(?: pada)?(?: tanggal)?|berlaku (?:sejak|mulai|pada|efektif)(?: tanggal)?|"
    r"terhitung (?:mulai|sejak)(?: tanggal)?|(?:施行|適用|实施|施行|生效|执行)(?:期)?日(?:期)?(?:は|为|是)?[:：]?|"
    r"(?:시행|적용|발효)일(?:자)?(?:은|는|자)?[:：]?)[\s]*(?:the )?(?:\w{3,9}day,? )?$"
)
_FROM_BEFORE = re.compile(r"自$|自\s$|于$")
_EFFECTIVE_AFTER = re.compile(
    r"\s?(?:零时)?(?:起|开始)?(?:正式)?(?:施行|执行|实施|生效)|\s?(?:から|より|に)(?:、)?(?:施行|適用|実施|発効)|"
    r"\s?(?:부터|자로|에)?\s?(?:시행|적용|발효|실시|효력)"
)
_SINCE_AFTER = re.compile(r"\s?(?:零时)?起")
_AT_ONCE = re.compile(
    r"with immediate effect|自(?:公布|发布|公告|印发)之日起|(?:公布|告示|公表)の日から(?:施行|適用)|"
    r"mulai berlaku (?:pada|sejak) tanggal (?:di)?(?:undang|tetap)kan|(?:공포|고시|공고)한 날부터"
)
_SINCE = re.compile(r"\s?(?:から|부터)")
_UNTIL_BEFORE = re.compile(
    r"(?:至|到|截至|until|through|up to|till|sampai dengan(?: tanggal)?|hingga(?: tanggal)?)\s?$"
)
_UNTIL_AFTER = re.compile(r"\s?(?:止|为止|まで|까지)")
_ANNOUNCED_BEFORE = re.compile(
    r"(?:(?:发布|公布|发文|成文|公告|公示)(?:日期|时间)?|(?:公表|発表|公布|告示)(?:年月)?日?|"
    r"(?<![a-z])(?:dated(?: the)?|date|published(?: on)?|issued(?: on)?|announced(?: on)?)|"
    r"(?:ditetapkan|diundangkan)(?: di jakarta)?,?(?: pada)?(?: tanggal)?|"
    r"(?:공고|고시|발표|공포|게시)일(?:자)?|등록일)\s?[:：]?\s?$"
)


@dataclass(frozen=True)
class Issuer:
    """Who issued a notice: ISO alpha-3 or a group, and the authority ("MOFCOM; GACC" where two did)."""

    jurisdiction: str
    name: str


@dataclass(frozen=True)
class ActDates:
    """The days of an act; None is unknown. `until`: the end that a suspension or a temporary measure states."""

    announced: date | None
    effective: date | None
    until: date | None


@dataclass(frozen=True)
class Control:
    """What an act does: one of `INSTRUMENTS`, and export or import; None is unknown. `words`: what says so."""

    instrument: str | None
    direction: str | None
    words: tuple[str, ...]


@cache
def _issuer_pattern() -> tuple[re.Pattern[str], Mapping[str, Issuer]]:
    known = {
        word: Issuer(row["jurisdiction"], row["issuer"]) for row in rows("issuers") for word in row["words"].split("|")
    }
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in longest_first)), known


def find_issuer(seen: str, citing: str = "") -> Issuer | None:
    """The issuer that is named first, with those that issue together with it; None where nobody is named.

    Args:
        seen: the text as `tongue.view` lays it out, its title first.
        citing: a name that only says where the notice was printed, such as a gazette; it counts last.
    """
    pattern, known = _issuer_pattern()
    found = [(match.start(), match.end(), known[match[0]]) for match in pattern.finditer(seen)]
    authors = [one for one in found if one[2].name not in _GAZETTES and one[2].name != citing] or found
    if not authors:
        return None
    first, last_end, together = authors[0][2], authors[0][1], [authors[0][2].name]
    for start, end, issuer in authors[1:]:
        if start - last_end > TOGETHER or issuer.jurisdiction != first.jurisdiction:
            break
        together.append(issuer.name)
        last_end = end
    return Issuer(first.jurisdiction, "; ".join(dict.fromkeys(together)))


_GAZETTES = frozenset({"Federal Register", "Official Journal", "Government"})


def find_numbers(text: str, seen: str) -> tuple[str, ...]:
    """The official numbers in a text, each once: the first is the act's own as a rule, the rest are cited."""
    found = (" ".join(text[one.start() : one.end()].split()) for one in _NUMBERS.finditer(seen))
    return tuple(dict.fromkeys(found))


def find_act_dates(seen: str) -> ActDates:
    """Announced, effective and until, by the words that stand at each day.

    The announcement is the day that is called so; else the last day alone on its line, as notices are signed; else
    the first day that is neither of the others. Days within an act's number are never among them.
    """
    numbered = [one.span() for one in _NUMBERS.finditer(seen)]
    days = [one for one in find_dates(seen) if not any(a <= one.start < b for a, b in numbered)]
    roles = [(_role(seen, one), one) for one in days]
    plain = [one for role, one in roles if role == ""]
    signed = [one for one in plain if _alone(seen, one)]
    announced = _first(roles, "announced") or (signed[-1].day if signed else plain[0].day if plain else None)
    effective = _first(roles, "effective") or (announced if _AT_ONCE.search(seen) else None)
    return ActDates(announced, effective, _first(roles, "until"))


def _first(roles: Iterable[tuple[str, FoundDate]], role: str) -> date | None:
    return next((one.day for held, one in roles if held == role), None)


def _role(seen: str, one: FoundDate) -> str:
    before, after = seen[max(one.start - 40, 0) : one.start], seen[one.end : one.end + 20]
    if _UNTIL_BEFORE.search(before) or _UNTIL_AFTER.match(after):
        return "until"
    if _EFFECTIVE_BEFORE.search(before) or _EFFECTIVE_AFTER.match(after):
        return "effective"
    if _SINCE.match(after) or (_FROM_BEFORE.search(before) and _SINCE_AFTER.match(after)):
        return "effective"
    return "announced" if _ANNOUNCED_BEFORE.search(before) else ""


def _alone(seen: str, one: FoundDate) -> bool:
    """Does the day stand alone on its line?"""
    first, last = seen.rfind("\n", 0, one.start) + 1, seen.find("\n", one.end)
    rest = seen[first : one.start] + seen[one.end : len(seen) if last < 0 else last]
    return not rest.strip(" \t.,()")


def find_control(seen: str) -> Control:
    """The instrument whose words weigh most, those at the top threefold; and the direction that it or they say."""
    weights: Counter[str] = Counter()
    said: dict[str, list[str]] = {}
    directions: Counter[str] = Counter()
    for instrument, stated, word, start in _instrument_words(seen):
        weight = TITLE_WEIGHT if start < HEAD else 1
        weights[instrument] += weight
        said.setdefault(instrument, []).append(word)
        if stated:
            directions[stated] += weight
    chosen = _chosen(weights, seen)
    direction = _clearly(directions) or _clearly(_direction_words(seen))
    return Control(chosen, direction, tuple(dict.fromkeys(said.get(chosen or "", ()))))


@cache
def _instruments() -> tuple[re.Pattern[str], Mapping[str, tuple[str, str]]]:
    known: dict[str, tuple[str, str]] = {}
    for row in rows("instruments"):
        for word in row["words"].split("|"):
            known.setdefault(word, (row["instrument"], row["direction"]))
    latin, other = ([word for word in known if word.isascii() is wanted] for wanted in (True, False))
    patterns = (rf"(?=[{firsts(latin)}])(?<![a-z]){trie(latin)}", rf"(?=[{firsts(other)}]){trie(other)}")
    return re.compile("|".join(patterns)), known


def _instrument_words(seen: str) -> Iterator[tuple[str, str, str, int]]:
    pattern, known = _instruments()
    for match in pattern.finditer(seen):
        instrument, direction = known[" ".join(match[0].split())]
        yield instrument, direction, match[0], match.start()


def _chosen(weights: Counter[str], seen: str) -> str | None:
    """An act that stops others names what it stops far more often than the stop; so a stop at the top decides."""
    if not weights:
        return None
    top = {instrument for instrument, _, _, _ in _instrument_words(seen[:HEAD])}
    for stop in (SUSPENSION, LIFTING):
        if stop in top:
            return stop
    return max(weights, key=lambda one: (weights[one], -INSTRUMENTS.index(one)))


def _direction_words(seen: str) -> Counter[str]:
    return Counter(
        {
            direction: sum(TITLE_WEIGHT if found.start() < HEAD else 1 for found in pattern.finditer(seen))
            for direction, pattern in _DIRECTIONS.items()
        }
    )


def _clearly(counted: Counter[str]) -> str | None:
    """The direction that is said at least twice as often as the other."""
    ordered = [pair for pair in counted.most_common() if pair[1]]
    if not ordered:
        return None
    second = ordered[1][1] if len(ordered) > 1 else 0
    return ordered[0][0] if ordered[0][1] >= 2 * second else None
