"""What can be done to a lot: its words, what its form asks for, and when it is offered."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from clinic_app.services.stock_data import LotRow
from clinic_app.terms import LotHold, StockKind
from clinic_app.ui.stock.wording import vials_text


@dataclass(frozen=True, slots=True)
class ActWords:
    """``button`` opens the form, ``doing`` is the verb of its main button, ``done`` what the message says."""

    button: str
    heading: str
    doing: str
    done: str
    example: str
    tip: str


class LotAct(Enum):
    """Everything but receiving, which has a panel of its own."""

    RETURN = ActWords(
        "Return", "Return vials to the supplier", "Return", "returned", "Delivered by mistake, cold chain broken, …",
        "Vials go back to the supplier",
    )  # fmt: skip
    EXPIRE = ActWords(
        "Record as expired", "Take expired vials off the shelf", "Record as expired:", "recorded as expired",
        "Expiry passed, put into the pharmacy's waste, …", "Take vials past their expiry off the shelf",
    )  # fmt: skip
    DISCARD = ActWords(
        "Discard", "Discard vials", "Discard", "discarded", "Broken, frozen, lost, …",
        "Vials that are gone without having been opened: broken, frozen, lost",
    )  # fmt: skip
    CORRECT = ActWords(
        "Correct count", "Correct the count", "Correct count", "counted", "Counted by two people, …",
        "The shelf holds another number than the ledger says (F2)",
    )  # fmt: skip
    CORRECT_EXPIRY = ActWords(
        "Correct expiry", "Correct the expiry", "Correct expiry", "expiry corrected", "Read again from the vial, …",
        "The vials say another expiry than the stock does: it was read or typed wrongly",
    )  # fmt: skip
    QUARANTINE = ActWords(
        "Quarantine", "Quarantine the lot", "Quarantine lot", "quarantined", "Refrigerator alarm, …",
        "Keep every vial from being used until somebody releases the lot",
    )  # fmt: skip
    RECALL = ActWords(
        "Recall", "Recall the lot", "Recall lot", "recalled", "The maker's notice and its date",
        "The maker or the authority recalls it: no vial is used, and everybody who got one is listed",
    )  # fmt: skip
    RELEASE = ActWords(
        "Release", "Release the lot", "Release lot", "released", "The maker's answer, who decided",
        "Let its vials be used again",
    )  # fmt: skip

    @property
    def takes_vials(self) -> bool:
        """Whether the form asks for a number of vials."""
        return self in _MOVES

    @property
    def kind(self) -> StockKind:
        """The movement of an act that takes vials."""
        return _MOVES[self]

    @property
    def hold(self) -> LotHold:
        """The hold that an act puts on."""
        return {LotAct.QUARANTINE: LotHold.QUARANTINED, LotAct.RECALL: LotHold.RECALLED}[self]

    def button_text(self, vials: int | None) -> str:
        """What the main button of the form says: "Return 2 vials"."""
        words = self.value
        if self is LotAct.CORRECT or not self.takes_vials:
            return words.doing
        return f"{words.doing} {vials_text(vials)}" if vials else f"{words.doing} vials"


_MOVES = {
    LotAct.RETURN: StockKind.RETURNED,
    LotAct.EXPIRE: StockKind.EXPIRED,
    LotAct.DISCARD: StockKind.DISCARDED,
    LotAct.CORRECT: StockKind.CORRECTED,
}

CORRECTIONS = (LotAct.CORRECT, LotAct.CORRECT_EXPIRY)
"""What puts right what the stock says of a lot; always offered."""


def offered_acts(row: LotRow, today: date) -> tuple[LotAct, ...]:
    """What makes sense for a lot as it stands; the service checks again."""
    acts: list[LotAct] = []
    if row.vials_left and row.expires_on < today:
        acts.append(LotAct.EXPIRE)
    if row.vials_left:
        acts += [LotAct.RETURN, LotAct.DISCARD]
    acts += CORRECTIONS
    if row.hold is None:
        acts.append(LotAct.QUARANTINE)
    if row.hold is not LotHold.RECALLED:
        acts.append(LotAct.RECALL)
    if row.hold is not None:
        acts.append(LotAct.RELEASE)
    return tuple(acts)


@dataclass(frozen=True, slots=True)
class Wish:
    """A filled form. ``vials`` is the change that the ledger takes for a count, else how many go.

    ``expires_on`` is the right expiry where that is corrected.
    """

    act: LotAct
    vials: int
    reason: str
    witness_id: int | None = None
    expires_on: date | None = None
