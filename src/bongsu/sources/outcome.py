"""What became of one question of a round."""

from dataclasses import dataclass
from enum import StrEnum

from bongsu.http.keys import Keys
from bongsu.language import BongsuError, Language, Text
from bongsu.records.writer import Receipt
from bongsu.sources.asking import Ask


class Step(StrEnum):
    """What became of a question."""

    HELD = "held"  # answered before; not asked
    LANDED = "landed"
    UNCHANGED = "unchanged"
    NOT_YET = "not_yet"
    SPLIT = "split"
    PAUSED = "paused"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """One step of a round.

    Args:
        ask: the question.
        step: what became of it.
        left: how many questions are waiting behind it.
        asked: was the network asked?
        receipt: of the delivery, if there was one.
        error: why it failed or paused.
        why: why it is not out yet.
        fault: the exception behind an error that is ours.
        fatal: no further question of this source is asked.
    """

    ask: Ask
    step: Step
    left: int = 0
    asked: bool = True
    receipt: Receipt | None = None
    error: BongsuError | None = None
    why: Text | None = None
    fault: Exception | None = None
    fatal: bool = False


def both(error: BongsuError) -> Text:
    """The whole message of an error, in both languages."""
    return Text(error.to(Language.KO), error.to(Language.EN))


def without_key(error: BongsuError, keys: Keys) -> BongsuError:
    """The error with the key blotted out, should a source have put it into its words."""
    if keys.hide(str(error)) == str(error) and keys.hide(error.to(Language.KO)) == error.to(Language.KO):
        return error
    clean = type(error).__new__(type(error), keys.hide(str(error)))  # its own __init__ may want other words
    clean.what, clean.where = _hidden(error.what, keys), keys.hide(error.where)
    clean.mend = _hidden(error.mend, keys) if error.mend else None
    return clean


def _hidden(text: Text, keys: Keys) -> Text:
    return Text(keys.hide(text.ko), keys.hide(text.en))
