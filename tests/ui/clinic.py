"""An open clinic as the tests of the views need it, with short ways to furnish it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from clinic_app.models import Injection, Override, Vial, Visit
from clinic_app.services.access import Actor
from clinic_app.services.booking_checks import AUTHORIZATION
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import ChartLine, ChartVial
from clinic_app.services.cycles import keep_cycle
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.services.schedule_data import AppointmentRow, Booking
from clinic_app.services.stock_data import LedgerLine, LotRow
from clinic_app.services.stores import NewClinic, OpenStore
from clinic_app.terms import AppointmentState, LabelRegion, PaperSize, Role, Side
from clinic_app.ui.changes import Changes
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace
from tests.clinics import PASSPHRASE, StandingClock, sign

TODAY = date(2026, 8, 4)
NINE = datetime(2026, 8, 4, 8, 0, tzinfo=UTC)
"""Nine o'clock in London on a Tuesday, when the tests begin."""
BOTOX = "onabotulinumtoxinA"
LONDON = NewClinic(
    name="Clinic",
    country="GB",
    time_zone="Europe/London",
    language="en",
    paper_size=PaperSize.A4,
    label_region=LabelRegion.UK_EU,
    full_name="Dr Ruth Abara",
    user_name="ruth",
    roles=frozenset({Role.PHYSICIAN, Role.MANAGER}),
    passphrase=PASSPHRASE,
)


@dataclass
class Clinic:
    """The clinic as one person has it open."""

    clock: StandingClock
    store: OpenStore
    services: Services
    changes: Changes

    @property
    def actor(self) -> Actor:
        return self.store.actor

    def workplace(self, tasks: Tasks) -> Workplace:
        return Workplace(self.services, self.actor, tasks, self.changes, self.services.atlas)

    def patient(self, given: str = "Ada", family: str = "Okafor", **typed: Any) -> int:
        form: dict[str, Any] = {
            "given_name": given,
            "family_name": family,
            "birth_date": date(1961, 3, 12),
            "history": HistoryForm(indication="cervical_dystonia", icd10cm="G24.3"),
        } | typed
        return self.services.patients.register(self.actor, PatientForm(**form))

    def form(self, patient_id: int) -> PatientForm:
        return self.services.patients.details(self.actor, patient_id).form

    def injector(self, name: str) -> int:
        choices = self.services.schedule.choices(self.actor)
        return next(injector.id for injector in choices.injectors if injector.name == name)

    def kind(self, name: str) -> int:
        choices = self.services.schedule.choices(self.actor)
        return next(kind.id for kind in choices.types if kind.name == name)

    def book(
        self, patient_id: int, at: datetime, *, minutes: int = 30, injector: str = "Dr Ruth Abara", kind: str = "Review"
    ) -> int:
        # What the payer agreed to is no matter of these tests.
        accepted = (AUTHORIZATION,)
        booking = Booking(patient_id, self.injector(injector), self.kind(kind), at, minutes, accepted=accepted)
        return self.services.schedule.book(self.actor, booking)

    def row(self, appointment_id: int) -> AppointmentRow:
        return self.services.schedule.appointment(self.actor, appointment_id)

    def set_state(self, appointment_id: int, *states: AppointmentState) -> None:
        for state in states:
            row = self.row(appointment_id)
            self.services.schedule.set_state(self.actor, row.id, row.version, state)

    def receive(
        self,
        number: str = "C1234",
        *,
        vials: int = 10,
        days: int = 200,
        product: str = BOTOX,
        size: int = 100,
        patient_id: int | None = None,
    ) -> int:
        """Vials of a size in units that expire so many days from today."""
        return self.services.stock.receive(
            self.actor,
            product=product,
            number=number,
            size_units=Decimal(size),
            expires_on=TODAY + timedelta(days=days),
            vials=vials,
            patient_id=patient_id,
        )

    def lot(self, number: str) -> LotRow:
        rows = self.services.stock.lots(self.actor, all=True)
        return next(row for row in rows if row.number == number)

    def ledger(self, number: str) -> tuple[LedgerLine, ...]:
        return self.services.stock.lot(self.actor, self.lot(number).lot_id).ledger

    def visit(self, patient_id: int, on: date = date(2026, 7, 21), answers: Sequence[Override] = ()) -> int:
        """A signed visit that took nothing from the stock."""
        with self.store.database.writing(self.actor.account_id, self.clock()) as session:
            return signed_visit(session, patient_id, self.actor.account_id, on, self.clock(), answers=answers).id

    def sign(self, patient_id: int, number: str, *, on: date = TODAY, wasted: str = "20") -> int:
        """A visit signed through the chart: 80 units from a vial of 100 of a lot, the rest wasted."""
        row = self.lot(number)
        vial = ChartVial(
            key="v",
            product=row.product,
            lot_id=row.lot_id,
            lot_number=row.number,
            expires_on=row.expires_on,
            size_units=row.size_units,
            diluent="saline",
            diluent_ml="2",
            reconstituted_at=datetime(on.year, on.month, on.day, 8, 30),
            wasted=wasted,
            waste_reason="rest of a single-patient vial",
        )
        draft = self.services.charts.start(self.actor, patient_id)
        content = replace(
            draft.content,
            visited_on=on,
            injector_id=self.actor.account_id,
            indication="cervical_dystonia",
            product=row.product,
            consent=True,
            lines=(ChartLine("a", "splenius_capitis", Side.RIGHT, "80", guidance=("EMG",), vial="v"),),
            vials=(vial,),
        )
        return sign(self.services, self.actor, draft, content, "discussed")


def signed_visit(
    session: Session,
    patient_id: int,
    injector_id: int,
    on: date,
    moment: datetime,
    *,
    weeks: int | None = 12,
    answers: Sequence[Override] = (),
) -> Visit:
    """A visit as signing leaves it: 60 units into the right splenius, 40 into the left sternocleidomastoid."""
    visit = Visit(
        patient_id=patient_id,
        injector_id=injector_id,
        visited_on=on,
        indication="cervical_dystonia",
        plan=f"Repeat in {weeks} weeks." if weeks else "",
        interval_weeks=weeks,
        signed_at=min(moment, datetime.combine(on, time(12), UTC)),
        signed_by_id=injector_id,
        digest="",
        overrides=list(answers),
    )
    session.add(visit)
    session.flush()
    vial = Vial(
        visit_id=visit.id,
        position=0,
        product=BOTOX,
        lot_number="C1234",
        expires_on=date(2027, 1, 31),
        size_units=Decimal(100),
        diluent="saline",
        diluent_ml=Decimal(2),
        wasted_units=Decimal(0),
    )
    session.add(vial)
    session.flush()
    for position, (muscle, side, units) in enumerate(
        (("splenius_capitis", Side.RIGHT, 60), ("sternocleidomastoideus", Side.LEFT, 40))
    ):
        session.add(
            Injection(
                visit_id=visit.id,
                vial_id=vial.id,
                position=position,
                muscle=muscle,
                side=side,
                units=Decimal(units),
            )
        )
    session.flush()
    visit.digest = "a1" * 32
    keep_cycle(session, patient_id)
    return visit
