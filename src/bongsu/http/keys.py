"""API keys on the way out: sent encoded exactly once, and never shown in any of their forms."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from urllib.parse import quote, quote_plus, unquote

from bongsu.language import Text, UsageError

SHOWN = "***"
_SHORTEST = 8
_ALREADY_ENCODED = re.compile(r"(?=.*%)(?:[A-Za-z0-9._~/-]|%[0-9A-Fa-f]{2})+")
# Its debug lines print the headers of answers, and an answer may echo the address that was asked for.
_TALKATIVE = ("httpcore.connection", "httpcore.http11", "httpcore.http2")


def plain_key(given: str) -> str:
    """The key itself, whether it was given plain or percent-encoded (Korea's portal hands out both)."""
    return unquote(given) if _ALREADY_ENCODED.fullmatch(given) else given


class Keys:
    """The secret parameters of one request.

    Raises:
        UsageError: a key shorter than eight characters: hiding it would blot out half of every message.
    """

    def __init__(self, given: Mapping[str, str] | None) -> None:
        given = given or {}
        self._plain = {name: plain_key(value) for name, value in given.items()}
        short = sorted(name for name, value in self._plain.items() if len(value) < _SHORTEST)
        if short:
            raise UsageError(
                Text("인증키가 비어 있거나 너무 짧습니다.", "the key is missing or too short."),
                where=", ".join(short),
                mend=Text(
                    "발급받은 인증키 전체를 다시 입력해 주십시오.",
                    "Enter the whole key as it was issued.",
                ),
            )
        forms = {form for value in (*given.values(), *self._plain.values()) for form in _forms(value)}
        self._forms = sorted(forms, key=len, reverse=True)

    def __repr__(self) -> str:
        return f"Keys({', '.join(self._plain)})"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the secret parameters."""
        return tuple(self._plain)

    def query(self) -> str:
        """The parameters as they go out; the only place where a key is spelled."""
        return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self._plain.items())

    def hide(self, text: str) -> str:
        """`text` with each form of each key blotted out."""
        for form in self._forms:
            text = re.sub(re.escape(form), SHOWN, text, flags=re.IGNORECASE)
        return text

    def hide_bytes(self, content: bytes) -> bytes:
        """`content` likewise: a service that repeats its question repeats the key."""
        return self.hide(content.decode("latin-1")).encode("latin-1") if self._forms else content

    @contextmanager
    def kept_from_logs(self) -> Iterator[None]:
        """While this is open, log lines of the network library have the keys blotted out."""

        def blot(record: logging.LogRecord) -> bool:
            record.msg, record.args = self.hide(record.getMessage()), ()
            return True

        loggers = [logging.getLogger(name) for name in _TALKATIVE] if self._forms else []
        for logger in loggers:
            logger.addFilter(blot)
        try:
            yield
        finally:
            for logger in loggers:
                logger.removeFilter(blot)


def _forms(value: str) -> set[str]:
    in_json = json.dumps(value)[1:-1]
    written = {escape(value), in_json, in_json.replace("/", "\\/")}  # as a service's answer would repeat it
    once = {value, quote(value, safe=""), quote(value), quote_plus(value), *written}
    return once | {quote(form, safe="") for form in once} | {repr(value)[1:-1], ascii(value)[1:-1]}
