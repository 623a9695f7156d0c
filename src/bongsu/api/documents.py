"""The OpenAPI document: ninja's, with each operation's refusals, the CSV of lists, and the entity tags."""

from typing import Any

from bongsu.api.problems import KINDS, MEDIA_TYPE, Kind
from bongsu.api.shapes import Problem

_ALWAYS = {400, 401, 403, 422, 429, 500, 503}
_ACTING = {404, 409, 412, 413, 415, 428}
_METHODS = ("get", "post", "put", "patch", "delete")


def described(document: dict[str, Any]) -> dict[str, Any]:
    """The document with what ninja does not know."""
    document["components"].setdefault("schemas", {})["Problem"] = Problem.json_schema()
    if not document.get("servers"):
        document.pop("servers", None)
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                _operation(item[method], path, method)
    return document


def _operation(operation: dict[str, Any], path: str, method: str) -> None:
    answers = operation["responses"]
    for status, answer in list(answers.items()):
        answer.setdefault("headers", {})["X-Request-ID"] = {"schema": {"type": "string"}}
        _sheet(answer)
        if method == "get" and status == 200:  # noqa: PLR2004 - found
            answer["headers"]["ETag"] = {"schema": {"type": "string"}}
            answers[304] = {"description": "Not modified: you have it already (If-None-Match)."}
    if not operation.get("security"):
        return
    possible = _ALWAYS | ({404} if "{" in path else set()) | (_ACTING if method != "get" else set())
    for kind in KINDS:
        if kind.status in possible:
            answers.setdefault(kind.status, _refusal(kind))


def _sheet(answer: dict[str, Any]) -> None:
    """A list may be had as CSV."""
    content = answer.get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    if "/Page_" in reference:
        content["text/csv"] = {"schema": {"type": "string"}}


def _refusal(kind: Kind) -> dict[str, Any]:
    return {
        "description": f"{kind.title.ko} · {kind.title.en}",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
