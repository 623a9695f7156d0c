"""Answers of the Korea Customs open-data API: figures, a refusal dressed as success, or an answer that was cut."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

import pyarrow as pa

from bongsu.language import BadInputError, SourceUnavailableError, Text
from bongsu.records.formats import Unknown, number, parse_xml

CELLS = ("year", "statCd", "hsCd", "expDlr", "expWgt", "impDlr", "impWgt")
SUMMED = ("expDlr", "impDlr")
WORDS_KEPT = 200


class KeyNotRegisteredError(SourceUnavailableError):
    """The service does not know the key (reason 30)."""


class QuotaSpentError(SourceUnavailableError):
    """The key has used up its calls for the day (reason 22)."""


class ServiceRefusedError(SourceUnavailableError):
    """The service answered with an error of another kind."""


class CutAnswerError(BadInputError):
    """The rows of an answer do not add up to its own total."""


@dataclass(frozen=True)
class Items:
    """The rows of one answer.

    Args:
        table: CELLS as texts, the total row among them.
        has_total: did a total row stand there, so that the answer is known to be whole?
    """

    table: pa.Table
    has_total: bool

    @property
    def empty(self) -> bool:
        """Does the answer hold no figure beside the total?"""
        return bool(self.table.num_rows == int(self.has_total))


def read_answer(data: bytes, where: str) -> Items:
    """The rows in one answer.

    Raises:
        KeyNotRegisteredError, QuotaSpentError, ServiceRefusedError: an error, which comes with status 200.
        CutAnswerError: rows are missing.
        BadInputError: not XML, or no answer of this API.
    """
    root = parse_xml(data, where=where)
    if root.tag == "OpenAPI_ServiceResponse" or root.find(".//cmmMsgHeader") is not None:
        raise _refusal(_text(root, ".//returnReasonCode"), _text(root, ".//returnAuthMsg"), where)
    code = _text(root, "header/resultCode")
    if root.tag != "response" or not code:
        raise BadInputError(
            Text("관세청 API의 응답이 아닙니다.", "this is not an answer of the Korea Customs API."), where=where
        )
    if code != "00":
        raise _refusal(code, _text(root, "header/resultMsg"), where)
    items = root.findall("body/items/item")
    table = pa.table({name: pa.array([_text(item, name) for item in items], pa.string()) for name in CELLS})
    totals = [item for item in items if is_total(_text(item, "hsCd"))]
    if totals:
        _check_whole(totals[0], [item for item in items if not is_total(_text(item, "hsCd"))], where)
    return Items(table, bool(totals))


def is_total(code: str) -> bool:
    """Is this the code of the row that sums all others?"""
    return code == "-"


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _refusal(code: str, words: str, where: str) -> SourceUnavailableError:
    kept = words[:WORDS_KEPT]
    if code.lstrip("0") == "30":
        return KeyNotRegisteredError(
            Text(f"등록되지 않은 인증키입니다 (30 {kept}).", f"the key is not registered (30 {kept})."),
            where=where,
            mend=Text(
                "공공데이터포털에서 이 서비스의 활용신청이 승인되었는지, 키를 빠짐없이 넣었는지 확인하십시오.",
                "Check on data.go.kr that the use of this service was granted, and that the key is whole.",
            ),
        )
    if code.lstrip("0") == "22":
        return QuotaSpentError(
            Text(f"오늘의 호출 한도를 다 썼습니다 (22 {kept}).", f"today's calls are used up (22 {kept})."),
            where=where,
            mend=Text("내일 같은 명령을 다시 주면 이어서 받습니다.", "Give the same command tomorrow: it goes on."),
        )
    return ServiceRefusedError(
        Text(f"관세청 API가 오류를 답했습니다 ({code} {kept}).", f"the API answered with an error ({code} {kept})."),
        where=where,
    )


def _check_whole(total: Element, items: list[Element], where: str) -> None:
    for name in SUMMED:
        stated = number(_text(total, name))
        parts = [number(_text(item, name)) for item in items]
        if not isinstance(stated, float) or not all(isinstance(part, float | Unknown) for part in parts):
            continue  # a cell that is no number is set aside later, with its reason
        found = sum(part for part in parts if isinstance(part, float))
        if abs(found - stated) >= 1:
            raise CutAnswerError(
                Text(
                    f"응답이 잘렸습니다. {name} 총계는 {stated:,.0f}인데 행의 합은 {found:,.0f}입니다.",
                    f"the answer was cut: its total of {name} is {stated:,.0f}, its rows add up to {found:,.0f}.",
                ),
                where=where,
                mend=Text(
                    "품목부호를 더 길게 하거나 기간을 줄여 나누어 물으십시오.",
                    "Ask in smaller pieces: a longer commodity code, or fewer months.",
                ),
            )
