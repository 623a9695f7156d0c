"""Which passwords are too weak."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from bongsu.language import Text
from bongsu.people.errors import InvalidError
from bongsu.people.models import User


def check_password(password: str, user: User) -> None:
    """Refuse a password that is short, common or like the account's own names.

    Raises:
        InvalidError: it is.
    """
    try:
        validate_password(password, user)
    except ValidationError:
        raise InvalidError(
            Text("약한 비밀번호입니다.", "the password is too weak."),
            where="password",
            mend=Text(
                "12자 이상으로, 이름과 다르고 흔하지 않게 정하십시오.",
                "Use 12 characters or more, unlike your own names, and not a common one.",
            ),
        ) from None
