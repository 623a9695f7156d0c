"""What a `source.yml` with a slip in it is told."""

from pathlib import Path

import pytest

from bongsu.language import BadInputError, Language
from bongsu.sources.source import HERE, load_source

GOOD = (HERE / "worldbank_pinksheet" / "source.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("layer: price", "layer: prices", "there is no layer 'prices'."),
        ("cadence: monthly", "cadence: montly", "there is no cadence 'montly'."),
        ("zone: America/New_York\n", "", "'zone' is missing, or no word of ours."),
        ("records: [price]", "records: [prices]", "'prices' is missing, or no word of ours."),
        ("lag: {working_day_of_next_month: 2}", "lag: {soon: 2}", "a field is of another shape"),
        ("bounds: {least: 20000, most: 200000}", "bound: {least: 1}", "unknown fields: bound."),
    ],
)
def test_a_slip_is_named_with_what_there_is(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert GOOD.count(old) == 1
    path = tmp_path / "exchange" / "source.yml"
    path.parent.mkdir()
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        load_source(path)
    assert (said in caught.value.what.en, caught.value.where) == (True, "exchange/source.yml")
    assert caught.value.mend is not None
    assert caught.value.to(Language.KO) != caught.value.to(Language.EN)
