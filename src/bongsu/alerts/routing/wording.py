"""How a rule's reason is filled: lists, names inside a sentence, and the Korean particles that fit them."""

from collections.abc import Iterable, Mapping

from bongsu.detectors.wording import josa, mid
from bongsu.language import Text
from bongsu.missions.network import Network
from bongsu.missions.shapes import Desk, Ministry, Mission


class _Korean(str):
    """A word whose particle is chosen as it is written: `{country:이/가}`."""

    __slots__ = ()

    def __format__(self, particles: str) -> str:
        return josa(str(self), *particles.split("/")) if particles else str(self)


def filled(sentence: Text, **words: Text | str) -> Text:
    """`sentence` with its places filled in both languages."""
    both = {name: word if isinstance(word, Text) else Text(word, word) for name, word in words.items()}
    return sentence.format(**{name: Text(_Korean(word.ko), word.en) for name, word in both.items()})


def listed(names: Iterable[Text]) -> Text:
    """Several names, each once, as a list inside a sentence."""
    each = list(dict.fromkeys(names))
    return Text(", ".join(name.ko for name in each), "; ".join(mid(name.en) for name in each))


def joined(sentences: Iterable[Text]) -> Text:
    """Several sentences, each once, one after the other."""
    each = list(dict.fromkeys(sentences))
    return Text(" ".join(one.ko for one in each), " ".join(one.en for one in each))


def fires(level: int | None) -> Text:
    """A level in words."""
    if level is None:
        return Text("봉수를 매길 수 없는 상태", "a level that cannot be given")
    return Text(f"봉수 {level}거", f"{level} fire" if level == 1 else f"{level} fires")


def unit_name(unit: str, network: Network) -> Text:
    """What people call a unit; its id where the network does not know it."""
    kind, _, name = unit.partition(":")
    tables: dict[str, Mapping[str, Mission | Desk | Ministry]] = {
        "mission": network.missions,
        "desk": network.desks,
        "ministry": network.ministries,
    }
    found = tables.get(kind, {}).get(name)
    return found.name if found is not None else Text(unit, unit)
