"""API tokens. They are made on the screens only: a stolen one must not outlive itself by making another."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from bongsu.api.callers import Asked
from bongsu.api.pages import page
from bongsu.api.shapes import Id, Page, PageAsked, Person
from bongsu.people import actions, queries
from bongsu.people.models import ApiToken

router = Router(tags=["tokens"])


class Token(Schema):
    """A token, by its first letters; the secret is kept nowhere."""

    id: int
    owner: Person
    label: str
    prefix: str
    scopes: list[str]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@router.get("/tokens", response=Page[Token], operation_id="list_tokens")
def list_tokens(request: Asked, asked: PageAsked) -> dict[str, Any]:
    """토큰 목록. Your tokens; all of them for administrators."""
    return page(request, queries.tokens(request.auth.reader), asked, order=("-pk",))


@router.post("/tokens/{token}/steps/revoke", response=Token, operation_id="revoke_token")
def revoke_token(request: Asked, token: Id) -> ApiToken:
    """토큰을 폐기한다. Let a token open nothing any more."""
    return actions.revoke_token(by=request.auth.acting(request), token=token)
