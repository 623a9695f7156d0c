import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.concordances import REVISIONS, concordance, relationship
from bongsu.codes.hs import hs_codes
from bongsu.codes.tables import UnknownCodeError

SIZES = {"1992": 5020, "1996": 5113, "2002": 5224, "2007": 5052, "2012": 5206, "2017": 5388, "2022": 5613}


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_has_its_codes_with_six_digits(revision: str) -> None:
    codes = concordance(revision, revision)
    assert {len(code) for code in codes} == {6}
    assert len(codes) == SIZES[revision]


def test_the_newest_revision_is_the_tree() -> None:
    assert tuple(concordance("2022", "2017")) == hs_codes(6)


def test_codes_that_lost_their_zeros_have_them_back() -> None:
    assert concordance("1996", "1992")["010111"] == ("010111",)


def test_hafnium_and_rhenium_left_811292_in_2022() -> None:
    assert concordance("2017", "2022")["811292"] == ("811231", "811241", "811292")
    assert concordance("2022", "2017")["811292"] == ("811292",)
    assert relationship("811292", "2017", "2022") == "1:n"
    assert relationship("811292", "2022", "2017") == "n:1"


def test_germanium_and_vanadium_joined_811292_in_2007() -> None:
    assert {"811230", "811240"} <= set(concordance("2022", "2002")["811292"])


def test_urea_never_moved() -> None:
    assert concordance("2022", "1992")["310210"] == ("310210",)
    assert relationship("310210", "2022", "1992") == "1:1"
    assert relationship("000000", "2022", "1992") is None


@given(st.sampled_from(REVISIONS), st.sampled_from(REVISIONS), st.data())
def test_the_way_back_always_holds_the_code_itself(one: str, other: str, data: st.DataObject) -> None:
    there, back = concordance(one, other), concordance(other, one)
    code = data.draw(st.sampled_from(tuple(there)))
    assert [new for new in there[code] if code not in back[new]] == []


def test_a_code_without_a_published_counterpart_is_unknown() -> None:
    assert concordance("2017", "2022")["300219"] == ()
    assert relationship("300219", "2017", "2022") is None


def test_an_unknown_revision_is_an_error() -> None:
    with pytest.raises(UnknownCodeError):
        concordance("2022", "1988")
