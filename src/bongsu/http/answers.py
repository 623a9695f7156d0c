"""What goes through the door, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bongsu.http.keys import Keys
from bongsu.language import SourceUnavailableError


@dataclass(frozen=True)
class Validators:
    """What a source said of the version that we hold; sent back so that it need not send it again."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """The request's conditions (RFC 9110, 13.1)."""
        named = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class Answer:
    """What a source answered.

    Args:
        status: HTTP status, 200 or 304 as a rule.
        url_without_secrets: where it came from, after redirects, keys blotted out.
        content: the bytes, content-encoding undone; empty where `path` is given or nothing was modified.
        path: the file they were written to.
        sha256: of those bytes; "" where nothing was modified.
        size: how many there are.
        not_modified: the version that we hold still stands.
        received_at: when the last byte was in.
    """

    status: int
    url_without_secrets: str
    content: bytes = field(repr=False)
    path: Path | None
    sha256: str
    size: int
    media_type: str
    etag: str
    last_modified: str
    not_modified: bool
    received_at: datetime


@dataclass(frozen=True)
class Asked:
    """One call of `Door.get`: what stays the same in each attempt."""

    keys: Keys
    headers: Mapping[str, str]
    max_bytes: int
    into: Path | None
    conditional: bool


@dataclass(frozen=True)
class Failed:
    """An attempt that failed, as a value.

    The network library's exceptions hold the whole address, key and all; none may hang on ours as its context.
    """

    error: SourceUnavailableError
    again: bool
    retry_after: str = ""
