"""How an action finds the rows that it changes: through what the actor may see, and locked.

Changes among people are rare, so they wait for one another at one row: the oldest account. It is locked before all
else and lighter than foreign keys need, so that nobody who writes an event has to wait with them.
"""

from bongsu.people import rules
from bongsu.people.errors import DeniedError, NotThereError
from bongsu.people.models import User
from bongsu.people.queries import ACCOUNT
from bongsu.people.reader import Actor
from bongsu.people.refusals import ADMINISTRATOR_DOES, NOT_YOURS


def one_at_a_time() -> None:
    """Wait until no other change among people is under way; inside a transaction, before anything else."""
    User.objects.select_for_update(no_key=True).order_by("pk").values_list("pk").first()


def only_house_keepers(by: Actor) -> None:
    """Refuse whoever does not keep accounts."""
    if not rules.keeps_house(by.reader):
        raise DeniedError(NOT_YOURS, mend=ADMINISTRATOR_DOES)


def seen_account(by: Actor, pk: int) -> User:
    """The account, locked; NotThereError where the actor sees none."""
    seen = User.objects.select_for_update(no_key=True).filter(rules.sees_accounts(by.reader), pk=pk).first()
    if seen is None:
        raise NotThereError(ACCOUNT)
    return seen
