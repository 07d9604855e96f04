"""Who answered a check: the service that keeps a chart vouches for the name, never the form."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.models import Account, AccountRole
from clinic_app.services.access import ALLOWED, Act, Actor
from clinic_app.services.chart_data import Answer

_SIGNERS = (
    select(Account.id, Account.full_name)
    .join(AccountRole, AccountRole.account_id == Account.id)
    .where(Account.active, AccountRole.role.in_(ALLOWED[Act.SIGN]))
)


def named(answers: Iterable[Answer], standing: Iterable[Answer], actor: Actor) -> tuple[Answer, ...]:
    """The answers with who gave them: one that stood there already is left as it is, every other is the actor's.

    So nobody answers in another person's name, and whoever changes or brings back an answer of somebody else gives it.
    """
    stood = frozenset(standing)
    return tuple(
        answer if answer in stood else replace(answer, by=actor.full_name, account_id=actor.account_id)
        for answer in answers
    )


def signers(session: Session) -> dict[int, str]:
    """Whoever may sign and so override a stop: full names by account."""
    return {row[0]: row[1] for row in session.connection().execute(_SIGNERS)}
