"""The stock: lots in, vials out, earliest expiry first. What happened stands in a ledger that is never edited."""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from clinic_app.errors import ClinicError, NotFound
from clinic_app.exchange.gs1 import read_gtin
from clinic_app.models import Clinic, Lot, Patient, ProductCode, StockMovement
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services import packages
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.chart_data import LotChoice
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.lots import LEFT, folded, get_lot, lot_details, lot_rows, vials_left
from clinic_app.services.movements import Ledger, checked_count, checked_reason
from clinic_app.services.patients import clean
from clinic_app.services.preparation import preparation
from clinic_app.services.receiving import put_on_shelf, refuse_far_expiry, refuse_receipt
from clinic_app.services.stock_data import LotDetails, LotRow, Preparation, ProductSize, ScannedVial
from clinic_app.services.stock_text import ledger_text, recipients_text
from clinic_app.services.vial_choices import offered, scanned_choice
from clinic_app.terms import LotHold, StockKind


class Stock:
    """The use cases around lots and vials."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    # What comes, and what a package is

    def sizes(self, actor: Actor) -> tuple[ProductSize, ...]:
        """Every package of every product that can be received."""
        require(actor, Act.STOCK)
        with self._database.reading() as session:
            return packages.product_sizes(self._reference, session.scalars(select(Clinic.label_region)).one())

    def receive(
        self,
        actor: Actor,
        *,
        product: str,
        number: str,
        size_units: Decimal,
        expires_on: date,
        vials: int,
        patient_id: int | None = None,
        gtin: str = "",
        unlisted_size: bool = False,
    ) -> int:
        """Put ``vials`` vials of ``size_units`` units of ``product`` each on the shelf; returns the lot's id.

        ``patient_id`` for vials that were supplied for one patient. Raises ClinicError with the field that cannot
        be. ``size_unlisted`` is the one that a person can confirm: the same call with ``unlisted_size`` takes a
        package that the reference does not have yet.
        """
        require(actor, Act.STOCK)
        number = " ".join(clean(number).split())
        packages.refuse_product(self._reference, product)
        packages.refuse_size(size_units)
        refuse_receipt(number, expires_on, vials, local_today(self._clock, self._time_zone))
        gtin = read_gtin(gtin) if gtin.strip() else ""
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            if not unlisted_size:
                region = session.scalars(select(Clinic.label_region)).one()
                packages.refuse_unlisted_size(self._reference, product, region, size_units)
            if gtin:
                packages.refuse_other_package(session, self._reference, gtin, product, size_units)
            if patient_id is not None and session.get(Patient, patient_id) is None:
                raise NotFound("patient_not_found")
            lot = Lot(
                product=product,
                number=number,
                size_units=size_units,
                expires_on=expires_on,
                patient_id=patient_id,
                gtin=gtin or None,
            )
            return put_on_shelf(Ledger(session, actor, at), lot, vials)

    def scan(self, actor: Actor, text: str) -> ScannedVial:
        """What a scanned or typed code says of a package; ``product`` is empty while nobody taught its GTIN.

        Raises ClinicError for what is no such code.
        """
        require(actor, Act.STOCK)
        with self._database.reading() as session:
            return packages.scanned_vial(session, self._reference, text)

    def learn(self, actor: Actor, gtin: str, product: str, size_units: Decimal) -> None:
        """Keep what a GTIN stands for, once. Raises ClinicError when it is known to stand for something else."""
        require(actor, Act.STOCK)
        gtin = read_gtin(gtin)
        packages.refuse_product(self._reference, product)
        packages.refuse_size(size_units)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            packages.refuse_other_package(session, self._reference, gtin, product, size_units)
            if session.get(ProductCode, gtin) is None:
                session.add(
                    ProductCode(
                        gtin=gtin,
                        product=product,
                        size_units=size_units,
                        learned_at=at,
                        learned_by_id=actor.account_id,
                    )
                )

    # What is there

    def lots(self, actor: Actor, *, product: str = "", number: str = "", all: bool = False) -> tuple[LotRow, ...]:
        """Lots with vials left, earliest expiry first; ``all`` shows those with none left as well.

        Only those of ``product`` and with this ``number``, in capitals or small letters, where they are given.
        """
        require(actor, Act.STOCK)
        where = [] if all else [LEFT > 0]
        if product:
            where.append(Lot.product == product)
        if number:
            where.append(func.upper(Lot.number) == folded(number))
        with self._database.reading() as session:
            return lot_rows(session, *where)

    def lot(self, actor: Actor, lot_id: int) -> LotDetails:
        """One lot with its ledger and everybody who got it."""
        require(actor, Act.STOCK)
        with self._database.reading() as session:
            return lot_details(session, lot_id)

    def last_received(self, actor: Actor, lot_id: int) -> int:
        """The id of the line of the ledger that this person received vials of the lot with last. Raises NotFound."""
        require(actor, Act.STOCK)
        own = (
            StockMovement.lot_id == lot_id,
            StockMovement.kind == StockKind.RECEIVED,
            StockMovement.account_id == actor.account_id,
        )
        with self._database.reading() as session:
            movement_id = session.scalar(select(func.max(StockMovement.id)).where(*own))
        if movement_id is None:
            raise NotFound("movement_not_found")
        return movement_id

    def vials_left(self, actor: Actor, lot_id: int) -> int:
        """How many vials the ledger says are on the shelf."""
        require(actor, Act.STOCK)
        with self._database.reading() as session:
            get_lot(session, lot_id)
            return vials_left(session, [lot_id]).get(lot_id, 0)

    def ledger_csv(self, actor: Actor, lot_id: int) -> str:
        """The lot's ledger as text for a spreadsheet."""
        return ledger_text(self.lot(actor, lot_id), self._time_zone)

    def recipients_csv(self, actor: Actor, lot_id: int) -> str:
        """Everybody who got the lot, as text for a spreadsheet."""
        return recipients_text(self.lot(actor, lot_id))

    # What happens to it

    def record(
        self, actor: Actor, lot_id: int, kind: StockKind, vials: int, reason: str, witness_id: int | None = None
    ) -> int:
        """Note vials that were returned, expired or discarded, or a count that was wrong; returns the line's id.

        ``vials`` is how many went; for a correction, how many more (below zero: fewer) there are than the ledger
        says. Raises ClinicError without a reason, or for more vials than are left.
        """
        require(actor, Act.STOCK)
        checked_count(kind, vials)
        reason = checked_reason(reason)
        today = local_today(self._clock, self._time_zone)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            return Ledger(session, actor, at).count_out(lot_id, kind, vials, reason, witness_id, today)

    def account_for(self, actor: Actor, vial_id: int, reason: str, witness_id: int | None = None) -> int:
        """Note where the rest of an opened vial went that the signed visit left open; returns the line's id.

        The visit stays as it was signed. Raises ClinicError without a reason, or when every unit is accounted for.
        """
        require(actor, Act.STOCK)
        reason = checked_reason(reason)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            return Ledger(session, actor, at).account_for(vial_id, reason, witness_id)

    def undo(self, actor: Actor, movement_id: int) -> int:
        """Take back the latest line of a lot by a line that counters it; returns the new line's id.

        Raises ClinicError when something else was written since, or for what a signed visit or a hold wrote.
        """
        require(actor, Act.STOCK)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            return Ledger(session, actor, at).take_back(movement_id)

    def hold(self, actor: Actor, lot_id: int, hold: LotHold, reason: str) -> None:
        """Keep every vial of the lot from being used. A recall is the manufacturer's: it holds every row of the lot.

        Raises ClinicError without a reason, or when the lot is on such a hold already.
        """
        require(actor, Act.STOCK)
        reason = checked_reason(reason)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            Ledger(session, actor, at).hold(lot_id, hold, reason)

    def release(self, actor: Actor, lot_id: int, reason: str) -> None:
        """Let the lot be used again. Raises ClinicError without a reason, or when it is not on hold."""
        require(actor, Act.STOCK)
        reason = checked_reason(reason)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            Ledger(session, actor, at).release(lot_id, reason)

    def correct_expiry(self, actor: Actor, lot_id: int, expires_on: date, reason: str) -> None:
        """Put right an expiry that was read wrongly from the vial; the ledger says what it was before.

        Signed visits keep what was signed. Raises ClinicError without a reason, or for a day that cannot be.
        """
        require(actor, Act.STOCK)
        reason = checked_reason(reason)
        refuse_far_expiry(expires_on, local_today(self._clock, self._time_zone))
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            Ledger(session, actor, at).correct_expiry(lot_id, expires_on, reason)

    # What a chart and a day need

    def choices(self, actor: Actor, product: str, patient_id: int, on: date) -> tuple[LotChoice, ...]:
        """Lots of the product that the patient may get on that day, with the vials left.

        Those supplied for the patient first, then the earliest expiry. Lots on hold, expired, or supplied for another
        patient are not offered.
        """
        require(actor, Act.DRAFT_CHART)
        with self._database.reading() as session:
            return offered(session, product, patient_id, on)

    def vial_for(
        self, actor: Actor, scanned: ScannedVial, patient_id: int, on: date, *, product: str = ""
    ) -> LotChoice:
        """The lot on the shelf that a scanned vial belongs to, if this patient may get it on that day.

        ``product`` is the chart's, if it has one. Raises ClinicError with what speaks against the vial: another
        product, recalled, quarantined, expired, kept for another patient, used before, none left, not on the shelf.
        """
        require(actor, Act.DRAFT_CHART)
        if not scanned.product:
            raise ClinicError("gtin_unknown", field="scan", gtin=scanned.gtin)
        if product and scanned.product != product:
            raise ClinicError("vial_other_product", field="scan", product=scanned.product, charted=product)
        with self._database.reading() as session:
            return scanned_choice(session, scanned, patient_id, on)

    def prepare(self, actor: Actor, day: date) -> Preparation:
        """The vials to prepare for the patients who are booked that day and not injected yet."""
        require(actor, Act.STOCK)
        with self._database.reading() as session:
            return preparation(session, day)
