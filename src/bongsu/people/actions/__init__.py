"""What a person can do among people, one function each."""

from bongsu.people.actions.accounts import add_account, change_account, first_account, reopen_account, shut_account
from bongsu.people.actions.credentials import end_sessions, reset_password, reset_second_factor
from bongsu.people.actions.reading import noted_read
from bongsu.people.actions.rota import drop_shift, give_watch, plan_shift, take_watch
from bongsu.people.actions.tokens import make_token, revoke_token

__all__ = (
    "add_account",
    "change_account",
    "drop_shift",
    "end_sessions",
    "first_account",
    "give_watch",
    "make_token",
    "noted_read",
    "plan_shift",
    "reopen_account",
    "reset_password",
    "reset_second_factor",
    "revoke_token",
    "shut_account",
    "take_watch",
)
