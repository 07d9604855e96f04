"""Who injected: an account that is called so, or a name that becomes an account nobody can open anything with."""

from dataclasses import dataclass

from clinic_app.services.importing.asking import Asking
from clinic_app.services.importing.choices import Ask
from clinic_app.services.importing.meanings import Named
from clinic_app.services.importing.on_record import OnRecord
from clinic_app.services.importing.sheet import Row
from clinic_app.typed_text import fold

NOT_KNOWN = "Not known"
"""The account that stands for an injector whom nobody wrote down."""


@dataclass(frozen=True, slots=True)
class Injector:
    """``account_id`` is None for a name without an account; an empty ``name`` stands for nobody who is known."""

    name: str
    account_id: int | None

    @property
    def full_name(self) -> str:
        """How the account is called, or will be."""
        return self.name or NOT_KNOWN


_TITLES = frozenset("dr prof professor med priv doz pd mr mrs ms md phd pr dra".split())


class Injectors:
    """The accounts of the clinic by every way to write them."""

    def __init__(self, record: OnRecord, asking: Asking) -> None:
        self._accounts = record.accounts
        self._asking = asking
        self._bare: dict[str, set[Named]] = {}
        for account in record.accounts.values():
            self._bare.setdefault(_without_titles(account.name), set()).add(account)

    def of(self, row: Row) -> Injector:
        """Whom the cell names: as it was answered, by full or user name with or without a title, or a new name."""
        text = row.text("injector", 300)
        answered = self._asking.answer(Ask.INJECTOR, text) if text else None
        known = self._called(answered or text or NOT_KNOWN)
        if known is None:
            return Injector(text, None)
        return Injector(known.name if text else "", known.id)

    def _called(self, text: str) -> Named | None:
        """Folded whole, "Okafor, Ada" as "Ada Okafor", and without titles where only one account is called so.

        No nearer guess: a visit is attributed to whom is found.
        """
        family, comma, given = text.partition(",")
        turned = f"{given.strip()} {family.strip()}" if comma else text
        bare = self._bare.get(_without_titles(turned), set())
        return (
            self._accounts.get(fold(text))
            or self._accounts.get(fold(turned))
            or (next(iter(bare)) if len(bare) == 1 else None)
        )


def _without_titles(name: str) -> str:
    return " ".join(word for word in fold(name).split() if word not in _TITLES)
