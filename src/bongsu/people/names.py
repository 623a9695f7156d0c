"""Names as people type them, made safe to show: one line, composed, and nothing in them that cannot be seen."""

import re
import unicodedata

from bongsu.language import Text
from bongsu.people.errors import InvalidError

# Control, format (zero-width, right-to-left overrides), surrogate, unassigned, line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,149}")


def one_line(told: str, *, most: int, where: str) -> str:
    """What was typed, composed (NFC), its spaces single; "" where nothing was.

    Raises:
        InvalidError: it holds characters that cannot be seen, or is too long.
    """
    text = unicodedata.normalize("NFC", told).strip()
    for character in text:
        if unicodedata.category(character) in _UNSEEN:
            raise InvalidError(
                Text(
                    f"보이지 않는 문자(U+{ord(character):04X})가 들어 있습니다.",
                    f"it holds a character that cannot be seen (U+{ord(character):04X}).",
                ),
                where=where,
                mend=Text("직접 입력하십시오.", "Type it instead of pasting it."),
            )
    text = " ".join(text.split())
    if len(text) > most:
        raise InvalidError(Text(f"{most}자를 넘습니다.", f"it is longer than {most} characters."), where=where)
    return text


def sign_in_name(told: str) -> str:
    """A name to sign in with: lower case, and only letters that cannot be taken for others.

    Raises:
        InvalidError: it holds other characters.
    """
    name = unicodedata.normalize("NFKC", told).strip().lower()
    if not _USERNAME.fullmatch(name):
        raise InvalidError(
            Text("쓸 수 없는 로그인 이름입니다.", "it cannot be a sign-in name."),
            where="username",
            mend=Text(
                "영문 소문자, 숫자와 . _ @ + - 만 150자까지 쓰십시오.",
                "Use up to 150 of a-z, 0-9 and . _ @ + - only.",
            ),
        )
    return name
