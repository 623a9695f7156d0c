from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.codes.concordances import REVISIONS, Family, concordance, families, hs_revision_codes, relationship
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


def in_order(three: tuple[str, ...]) -> bool:
    return list(three) in (sorted(three), sorted(three, reverse=True))


patient = settings(deadline=None, max_examples=60)  # the first look at a span builds it
spans = st.sampled_from(list(combinations(REVISIONS, 2)))


@patient
@given(spans, st.sampled_from([None, 8, 50]))
def test_families_partition_the_codes_of_every_revision(span: tuple[str, str], thin: int | None) -> None:
    found = families(*span, thin=thin)
    way = REVISIONS[REVISIONS.index(span[0]) : REVISIONS.index(span[1]) + 1]
    distinct: list[Family] = list({id(family): family for family in found.values()}.values())
    for revision in way:
        members = [code for family in distinct for code in family.codes[revision]]
        assert len(members) == len(set(members))
        assert set(members) == set(hs_revision_codes(revision))
        assert all(code in found[revision, code].codes[revision] for code in members)


@patient
@given(spans, st.data())
def test_no_good_leaves_its_family(span: tuple[str, str], data: st.DataObject) -> None:
    """Whatever the published lists link a code to, chained through every revision between, is in its family."""
    found = families(*span)
    code = data.draw(st.sampled_from(hs_revision_codes(span[0])))
    family = found[span[0], code]
    assert set(concordance(*span)[code]) <= set(family.codes[span[1]])
    assert {back for new in family.codes[span[1]] for back in concordance(span[1], span[0])[new]} <= set(
        family.codes[span[0]]
    )


@pytest.mark.parametrize("span", [("2012", "2017"), ("2017", "2022"), ("1992", "2022")])
def test_families_are_as_small_as_they_can_be(span: tuple[str, str]) -> None:
    """Each holds together by links of its own: from one code, links lead to all others."""
    there, back = concordance(*span), concordance(*reversed(span))
    for family in {id(one): one for one in families(*span).values()}.values():
        old, new = family.codes[span[0]], family.codes[span[1]]
        if not old:
            continue
        seen, todo = {old[0]}, [old[0]]
        while todo:
            near = {code for other in there[todo.pop()] for code in back[other]} - seen
            seen |= near
            todo += near
        assert seen == set(old)
        assert {other for code in seen for other in there[code]} | {c for c in new if not back[c]} == set(new)


@patient
@given(st.sampled_from(list(permutations(REVISIONS, 3))).filter(in_order), st.data())
def test_a_way_through_a_revision_between_never_invents_codes(three: tuple[str, str, str], data: st.DataObject) -> None:
    first, between, last = three
    code = data.draw(st.sampled_from(hs_revision_codes(first)))
    composed = {new for middle in concordance(first, between)[code] for new in concordance(between, last)[middle]}
    assert composed == set(concordance(first, last)[code])
    assert composed <= set(hs_revision_codes(last))


def test_electronic_waste_pulls_a_thousand_codes_together_unless_it_is_passed_over() -> None:
    whole = families("2017", "2022")["2017", "852990"]
    assert (len(whole.codes["2017"]), len(whole.codes["2022"])) == (1091, 1167)
    assert families("2017", "2022", thin=20)["2017", "852990"].codes == {"2017": ("852990",), "2022": ("852990",)}


def test_a_code_whose_goods_are_known_to_divide_holds_nothing_together() -> None:
    known = families("2017", "2022", apart=frozenset({("2017", "811292")}))
    assert [known["2022", code].codes["2022"] for code in ("811231", "811241", "811292")] == [
        ("811231",),
        ("811241",),
        ("811292",),
    ]
