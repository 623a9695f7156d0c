"""API tokens: made and revoked by their owners."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from bongsu.language import Text
from bongsu.people import rules, tokens
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.models import ApiToken
from bongsu.people.names import one_line
from bongsu.people.queries import TOKEN
from bongsu.people.reader import Actor
from bongsu.people.refusals import NOT_YOURS


@transaction.atomic
def make_token(*, by: Actor, label: str, scopes: Iterable[str], expires_at: datetime) -> tuple[ApiToken, str]:
    """Make a token for oneself; the secret is in the answer, and nowhere afterwards.

    Raises:
        DeniedError: asked for through the API: a stolen token must not outlive itself.
        InvalidError: no label, a scope that there is not, or an end that is past or too far.
    """
    if by.reader.role is None or by.reader.user is None or by.via == "api":
        raise DeniedError(NOT_YOURS, mend=Text("화면에서 만드십시오.", "Make it on the screen."))
    named = one_line(label, most=80, where="label")
    wanted = frozenset(scopes)
    if not named:
        raise InvalidError(Text("빈칸입니다.", "it is empty."), where="label")
    if not wanted or not wanted <= rules.SCOPES:
        raise InvalidError(Text("권한은 read와 write입니다.", "scopes are read and write."), where="scopes")
    if not by.at < expires_at <= by.at + rules.LONGEST_TOKEN:
        raise InvalidError(
            Text("토큰은 길어야 1년입니다.", "a token lasts a year at most, from now on."), where="expires_at"
        )
    secret = tokens.fresh()
    token = ApiToken.objects.create(
        owner_id=by.reader.user,
        label=named,
        prefix=tokens.shown(secret),
        digest=tokens.digest(secret),
        scopes=sorted(wanted),
        made_at=by.at,
        expires_at=expires_at,
    )
    write_line(by, "token.make", "token", token.pk, scopes=token.scopes, expires_at=expires_at.isoformat())
    return token, secret


@transaction.atomic
def revoke_token(*, by: Actor, token: int) -> ApiToken:
    """Let a token open nothing any more: one's own, or anybody's for those who keep the house.

    Raises:
        OutOfStepError: it was revoked already.
    """
    there = ApiToken.objects.select_for_update().filter(rules.sees_tokens(by.reader), pk=token).first()
    if there is None:
        raise NotThereError(TOKEN)
    if there.revoked_at:
        raise OutOfStepError(Text("이미 폐기된 토큰입니다.", "the token was revoked already."))
    there.revoked_at = by.at
    there.save(update_fields=("revoked_at",))
    write_line(by, "token.revoke", "token", there.pk)
    return there
