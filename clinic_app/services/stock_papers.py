"""Paper of the stock: what to prepare for a day, who got a lot, and the letter to those patients."""

import re
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Clinic
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.names import product_name
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.letterheads import letterhead_and_edition, patients_edition
from clinic_app.services.paper import Paper
from clinic_app.services.patients import clean
from clinic_app.services.stock import Stock
from clinic_app.services.stock_data import LotDetails, LotRecipient, LotRow, PlannedPatient, Preparation, VialChoice
from clinic_app.terms import LabelRegion, LotHold
from clinic_app.words import shown

if TYPE_CHECKING:
    from clinic_app.documents.letterhead import Clinic as Letterhead
    from clinic_app.documents.letterhead import PatientIdentity
    from clinic_app.documents.lot_letter import LetterRecipient
    from clinic_app.documents.page import Edition
    from clinic_app.documents.preparation_list import ListedVials

LONGEST_REASON = 2000  # characters: what a patient still reads
MOST_LINES = 40


class StockPapers:
    """The documents around lots and vials. ReportLab is imported when the first one is drawn."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference, stock: Stock) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference
        self._stock = stock

    def preparation(self, actor: Actor, day: date) -> Paper:
        """The vials to prepare for a day."""
        require(actor, Act.STOCK)
        from clinic_app.documents.preparation_list import (
            ListedPatient,
            ListedProduct,
            PreparationList,
            preparation_list_document,
        )

        prepared = self._stock.prepare(actor, day)
        clinic, edition, region = self._clinic()
        page = PreparationList(
            clinic=clinic,
            day=day,
            patients=[
                ListedPatient(
                    starts_at=each.starts_at,
                    patient=_identity(each),
                    injector=each.injector,
                    product=self._product(each.product, region),
                    units=each.units,
                    vials=tuple(_listed(choice, each.name) for choice in each.choices),
                    spare=each.spare,
                    short=each.short,
                    remark=_remark(each),
                )
                for each in prepared.patients
            ],
            products=[
                ListedProduct(
                    product=self._product(need.product, region),
                    units=need.units,
                    vials=tuple(_listed(choice, _kept_for(prepared, choice)) for choice in need.vials),
                    spare=need.spare,
                    short=need.short,
                )
                for need in prepared.products
            ],
            edition=edition,
        )
        return Paper(
            "preparation_list", "Vials to prepare", f"vials-{day}", (partial(preparation_list_document, page),)
        )

    def lot_recipients(self, actor: Actor, lot_id: int) -> Paper:
        """Everybody who got a lot, to be called and ticked off."""
        require(actor, Act.STOCK)
        from clinic_app.documents.lot_list import LotList, LotVisit, lot_list_document

        details = self._stock.lot(actor, lot_id)
        clinic, edition, region = self._clinic()
        lot = details.lot
        page = LotList(
            clinic=clinic,
            product=self._product(lot.product, region),
            lot=lot.number,
            size_units=lot.size_units,
            expires_on=lot.expires_on,
            printed_on=local_today(self._clock, self._time_zone),
            visits=[
                LotVisit(
                    patient=_identity(each),
                    phone=each.phone,
                    address=each.address,
                    visited_on=each.visited_on,
                    injector=each.injector,
                    given=each.units,
                    wasted=each.wasted,
                    remark=_status(each),
                )
                for each in details.recipients
            ],
            hold=_hold(lot),
            edition=edition,
        )
        return Paper(
            "lot_list", "Patients of a lot", f"lot-{_plain(lot.number)}-patients", (partial(lot_list_document, page),)
        )

    def lot_letters(self, actor: Actor, lot_id: int, reason: str) -> Paper:
        """A letter to each living patient who got the lot, with the clinic's own words on why it writes.

        Raises ClinicError without a reason, or when there is nobody to write to.
        """
        require(actor, Act.STOCK)
        from clinic_app.documents.lot_letter import LotLetter, lot_letter_document

        reason = clean(reason)
        if not reason:
            raise ClinicError("letter_reason_missing", field="reason")
        if len(reason) > LONGEST_REASON:
            raise ClinicError("text_too_long", field="reason", limit=LONGEST_REASON)
        if len(reason.splitlines()) > MOST_LINES:
            raise ClinicError("letter_reason_lines", field="reason", most=MOST_LINES)
        details = self._stock.lot(actor, lot_id)
        clinic, edition, region = self._clinic()
        lot = details.lot
        letter = LotLetter(
            clinic=clinic,
            product=self._product(lot.product, region),
            lot=lot.number,
            reason=reason,
            written_on=local_today(self._clock, self._time_zone),
            recipients=_letters_to(details, edition),
            edition=edition,
        )
        if not letter.recipients:
            raise ClinicError("lot_without_recipients", number=lot.number)
        return Paper(
            "lot_letter",
            "Letters about a lot",
            f"lot-{_plain(lot.number)}-letters",
            tuple(partial(lot_letter_document, letter, to) for to in letter.recipients),
        )

    def _clinic(self) -> "tuple[Letterhead, Edition, LabelRegion]":
        with self._database.reading() as session:
            return *letterhead_and_edition(session), session.scalars(select(Clinic.label_region)).one()

    def _product(self, product: str, region: LabelRegion) -> str:
        return product_name(self._reference, product, region.value)


def _identity(whose: PlannedPatient | LotRecipient) -> "PatientIdentity":
    from clinic_app.documents.letterhead import PatientIdentity

    return PatientIdentity(whose.name, whose.birth_date, whose.record_number)


def _letters_to(details: LotDetails, edition: "Edition") -> "list[LetterRecipient]":
    """One letter per living patient, whatever number of visits, by name."""
    from clinic_app.documents.lot_letter import LetterRecipient

    visits: dict[int, list[LotRecipient]] = {}
    for each in reversed(details.recipients):
        if each.died_on is None:
            visits.setdefault(each.patient_id, []).append(each)
    return [
        LetterRecipient(
            _identity(own[0]),
            tuple(own[0].address.splitlines()),
            tuple(each.visited_on for each in own),
            patients_edition(edition, own[0].language).language,
        )
        for own in sorted(visits.values(), key=lambda own: (own[0].name, own[0].patient_id))
    ]


def _listed(choice: VialChoice, whose: str) -> "ListedVials":
    from clinic_app.documents.preparation_list import ListedVials

    kept_for = whose if choice.assigned else ""
    return ListedVials(choice.number, choice.size_units, choice.expires_on, choice.vials, kept_for)


def _kept_for(prepared: Preparation, vials: VialChoice) -> str:
    """Whose vials these are: those of one lot row that is kept for a patient go to this patient only."""
    for patient in prepared.patients:
        if any(choice.lot_id == vials.lot_id for choice in patient.choices):
            return patient.name
    return ""


def _remark(planned: PlannedPatient) -> str:
    lapses = planned.authorization_lapses_on
    said = [
        f"Authorization lapses on {shown(lapses)}." if lapses is not None else "",
        planned.authorization_note,
        "Units of a chart in progress." if planned.from_draft and planned.units is not None else "",
        "Units not known yet." if planned.product and planned.units is None else "",
    ]
    return " ".join(part for part in said if part)


def _status(each: LotRecipient) -> str:
    if each.died_on is not None:
        return f"Died on {shown(each.died_on)}"
    return "Moved away" if each.moved_away else ""


def _hold(lot: LotRow) -> str:
    if lot.hold is None:
        return ""
    word = "Recalled" if lot.hold is LotHold.RECALLED else "In quarantine"
    return f"{word}: {lot.hold_reason}"


def _plain(number: str) -> str:
    """A lot number as part of a file's name."""
    return re.sub(r"[^A-Za-z0-9]+", "-", number).strip("-")[:40] or "without-number"
