"""What is entered: names that hide nothing, prose as it was typed, and sheets that start no formula."""

import csv
import io
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.language import Language
from bongsu.people.errors import InvalidError
from bongsu.people.models import User
from bongsu.responses import entered, exports

TEXTS = st.text(st.characters(exclude_categories=()), max_size=80)  # broken characters and all
HIDDEN = "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad"


@given(told=TEXTS)
def test_a_name_that_is_taken_holds_nothing_unseen(told: str) -> None:
    try:
        name = entered.name(told, "title")
    except InvalidError:
        return
    assert unicodedata.normalize("NFC", name) == name == name.strip()
    assert not {unicodedata.category(one) for one in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    name.encode()


@pytest.mark.parametrize("code", [ord(one) for one in HIDDEN], ids="U+{:04X}".format)
def test_each_hidden_character_is_named(code: int) -> None:
    with pytest.raises(InvalidError) as refused:
        entered.name(f"a{chr(code)}b", "title")
    assert f"U+{code:04X}" in refused.value.what.ko
    assert f"U+{code:04X}" in refused.value.what.en


@given(told=TEXTS)
def test_what_is_filled_in_from_a_foreign_text_can_always_be_typed(told: str) -> None:
    shown = entered.seen(told)
    assert entered.name(shown, "title") == shown


@given(told=TEXTS)
def test_prose_is_verbatim_or_refused(told: str) -> None:
    try:
        assert entered.prose(told, "body") == told
    except InvalidError:
        assert "\0" in told or any(unicodedata.category(one) == "Cs" for one in told)


@given(cell=st.text(max_size=20))
def test_no_cell_starts_a_formula(cell: str) -> None:
    safe = exports.safe(cell)
    assert not safe.lstrip(" \u00a0\u3000").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe in (cell, f"'{cell}")


@pytest.mark.django_db
def test_a_sheet_of_hostile_titles_is_text(
    officer: User, filed: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    titles = ['=HYPERLINK("http://x")', "+1", "-1", "@x", '"a",b', "보통 <b>제목</b>"]
    for title in titles:
        filed(title=title)
    rows = list(csv.reader(io.StringIO(exports.reports_csv(officer.reader, Language.KO))))
    assert rows[0][:3] == ["번호", "공관", "제목"]
    assert {row[2] for row in rows[1:]} == {"'" + one if one[0] in "=+-@" else one for one in titles}
    assert {(row[1], row[3], row[7]) for row in rows[1:]} == {("주중국대한민국대사관", "요소", "제출")}
    by = acting(officer)
    assert exports.checks_csv(officer.reader, Language.EN, as_of=by.at) == "mission,item,every,due,state,last answer\n"


@pytest.mark.django_db
def test_a_sheet_of_questions(asked: Callable[..., Any], centre: User) -> None:
    asked(question="=1+1", item="urea")
    rows = list(csv.reader(io.StringIO(exports.taskings_csv(centre.reader, Language.EN))))
    assert [rows[1][at] for at in (1, 2, 4, 5, 6)] == [
        "'=1+1",
        "Urea",
        "open",
        "",
        "Embassy of the Republic of Korea to China",
    ]
