"""Currencies of ISO 4217 with their minor units and names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency in use, or a supranational unit (XDR, gold).

    Args:
        code: three letters.
        number: three digits, as text with their zeros.
        minor_units: decimal places of its smallest coin in the books (KRW 0, USD 2); None where it has none.
        name: in daily use.
    """

    code: str
    number: str
    minor_units: int | None
    name: Text


@cache
def currencies() -> Mapping[str, Currency]:
    """All currencies by code, in its order."""
    return {
        row["code"]: Currency(
            row["code"],
            row["number"],
            int(row["minor_units"]) if row["minor_units"] else None,
            Text(row["name_ko"], row["name_en"]),
        )
        for row in rows("currencies")
    }


def currency(code: str) -> Currency:
    """The currency of an ISO 4217 code of letters or digits ("KRW", "410").

    Raises:
        UnknownCodeError: there is none.
    """
    wanted = code.strip().upper()
    found = currencies().get(wanted) or next((one for one in currencies().values() if one.number == wanted), None)
    if found is None:
        raise UnknownCodeError(
            Text(f"'{code}' 통화는 없습니다.", f"there is no currency '{code}'."),
            mend=Text("ISO 4217 코드를 쓰십시오(예: KRW, USD).", "Use an ISO 4217 code such as KRW or USD."),
        )
    return found
