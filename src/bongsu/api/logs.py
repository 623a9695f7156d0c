"""Logs as one JSON object a line, without personal data: no address, no query, no body, no text that somebody typed."""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

request_id: ContextVar[str] = ContextVar("request_id", default="")
FACTS = ("method", "route", "status", "ms", "run")
_OURS = "bongsu"


class JsonLines(logging.Formatter):
    """A record as a line. Of other people's loggers only the sentence is kept, not the values that fill it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        ours = record.name.split(".", 1)[0] == _OURS
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": record.getMessage() if ours else str(record.msg),
            "request": request_id.get(),
            **{name: getattr(record, name) for name in FACTS if hasattr(record, name)},
        }
        if record.exc_info and record.exc_info[1]:
            line |= _failure(record.exc_info[1])
        return json.dumps({name: value for name, value in line.items() if value != ""}, ensure_ascii=False, default=str)


def _failure(error: BaseException) -> dict[str, object]:
    """What was raised, and where; not its words, which may hold what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "raised": f"{type(error).__module__}.{type(error).__qualname__}",
        "where": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }
