"""What is said, in both languages: texts for people, and errors that name what, where, why and the mend."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Self


class Language(StrEnum):
    """A language that Bongsu speaks. Neither is the translation of the other."""

    KO = "ko"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in both languages."""

    ko: str
    en: str

    def to(self, language: Language) -> str:
        """The text in `language`."""
        return self.ko if language is Language.KO else self.en

    def format(self, **values: object) -> Self:
        """Both languages filled with `values`; a `Text` among them gives its own language to each side."""
        ko = {key: value.ko if isinstance(value, Text) else value for key, value in values.items()}
        en = {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
        return type(self)(self.ko.format(**ko), self.en.format(**en))


class ExitCode(IntEnum):
    """How a command ends (docs/guide, "Exit codes")."""

    DONE = 0
    OUR_FAULT = 1
    USAGE = 2
    BAD_INPUT = 3
    SOURCE_UNAVAILABLE = 4
    PARTIAL = 5


class BongsuError(Exception):
    """A failure that a person can act on.

    Args:
        what: what went wrong, one sentence.
        where: the file, line, address or field, as the user knows it.
        mend: what the user can do now.
    """

    exit_code: ExitCode = ExitCode.OUR_FAULT

    def __init__(self, what: Text, *, where: str = "", mend: Text | None = None) -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(self.to(Language.EN))

    def to(self, language: Language) -> str:
        """The whole message in `language`: where: what, then the mend."""
        head = f"{self.where}: {self.what.to(language)}" if self.where else self.what.to(language)
        return f"{head} {self.mend.to(language)}" if self.mend else head


class UsageError(BongsuError):
    """The command's words are off."""

    exit_code = ExitCode.USAGE


class BadInputError(BongsuError):
    """A file or a row given by the user or a source cannot be taken."""

    exit_code = ExitCode.BAD_INPUT


class SourceUnavailableError(BongsuError):
    """A source did not answer, or answered with something that is not its data."""

    exit_code = ExitCode.SOURCE_UNAVAILABLE
