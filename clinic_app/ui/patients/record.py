"""Everything that the page of one patient shows, read in one go on the database lane."""

from dataclasses import dataclass
from datetime import date, timedelta

from clinic_app.services.access import Act, Actor, may
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import DraftRow, Pattern
from clinic_app.services.patient_data import Banner, PatientDetails
from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.services.side_effects import FollowedVisit
from clinic_app.services.visit_data import SideEffectRow, VisitRow
from clinic_app.timeline.course import Course
from clinic_app.ui.patients.words import PRESENT, WAITED_FOR

KINDS = frozenset(
    {
        "patient",
        "visit",
        "addendum",
        "side_effect",
        "side_effect_answer",
        "response",
        "scale_result",
        "diary_week",
        "appointment",
        "chart_draft",
        "given_handout",
        "handout_edition",
        "clinic_handout",
        "restriction",
        "record_grant",
    }
)
"""Kinds of record whose commits change what the page shows."""


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """The page's content. What the actor may not read is empty."""

    details: PatientDetails
    banner: Banner
    appointments: tuple[AppointmentRow, ...]
    injectors: tuple[tuple[int, str], ...]
    pattern: Pattern | None
    visits: tuple[VisitRow, ...]
    side_effects: tuple[SideEffectRow, ...]
    drafts: tuple[DraftRow, ...]
    clinical: bool
    known_visits: tuple[FollowedVisit, ...] = ()
    course: Course | None = None
    restricted: bool = False

    @property
    def id(self) -> int:
        """The patient's id."""
        return self.details.id

    @property
    def followed(self) -> tuple[FollowedVisit, ...]:
        """The visits to which a side effect can be tied, the latest first.

        Whoever may not read the clinical record is told their days, or knows them by the appointments in which they
        took place.
        """
        if self.clinical:
            return tuple(FollowedVisit(visit.id, visit.visited_on) for visit in self.visits)
        if self.known_visits:
            return self.known_visits
        return tuple(
            FollowedVisit(row.visit_id, row.starts_at.date()) for row in self.appointments if row.visit_id is not None
        )

    def is_here(self, today: date) -> bool:
        """Whether the patient is in the clinic now, as far as the schedule knows."""
        return any(row.starts_at.date() == today and row.state in PRESENT for row in self.appointments)

    def injector(self, injector_id: int) -> str:
        """An injector's name."""
        return dict(self.injectors).get(injector_id, "former injector")

    def coming(self, today: date) -> tuple[AppointmentRow, ...]:
        """Appointments still to come, the nearest first."""
        found = [row for row in self.appointments if row.starts_at.date() >= today and row.state in WAITED_FOR]
        return tuple(sorted(found, key=lambda row: row.starts_at))

    def past(self, today: date) -> tuple[AppointmentRow, ...]:
        """All other appointments, the latest first."""
        coming = {row.id for row in self.coming(today)}
        return tuple(row for row in self.appointments if row.id not in coming)

    def due_on(self) -> tuple[date, str] | None:
        """When the next injection is due, with where that comes from; None without a visit or interval."""
        last = self.visits[0].visited_on if self.visits else None
        if last is None:
            return None
        planned = self.pattern.interval_weeks if self.pattern is not None else None
        if planned is not None:
            return last + timedelta(weeks=planned), f"{planned} weeks planned at the last visit"
        usual = self.details.form.usual_interval_weeks
        if usual is not None:
            return last + timedelta(weeks=usual), f"{usual} weeks are usual for this patient"
        return None

    def unreviewed(self) -> tuple[SideEffectRow, ...]:
        """Red flags that nobody has resolved."""
        return tuple(effect for effect in self.side_effects if effect.waits_for_review)


def read_record(services: Services, actor: Actor, patient_id: int) -> PatientRecord:
    """Read what the actor may see. Runs on the database lane; raises NotFound, and NotAllowed where restricted."""
    clinical, reports = may(actor, Act.READ_RECORD), may(actor, Act.REPORT_SIDE_EFFECT)
    reference = services.reference
    # The first look-up reads the file: here, not in the GUI thread.
    for part in (reference.indications, reference.side_effects, reference.muscles, reference.products):
        len(part)
    with services.records.opened(actor, patient_id):
        details, banner = services.patients.details_with_banner(actor, patient_id)
        return PatientRecord(
            details=details,
            banner=banner,
            appointments=services.schedule.of_patient(actor, patient_id),
            injectors=tuple((i.id, i.name) for i in services.schedule.injectors(actor)),
            pattern=services.charts.last_pattern(actor, patient_id) if clinical else None,
            visits=services.visits.of_patient(actor, patient_id) if clinical else (),
            side_effects=services.side_effects.of_patient(actor, patient_id) if clinical else (),
            drafts=services.charts.drafts(actor, patient_id) if may(actor, Act.DRAFT_CHART) else (),
            clinical=clinical,
            known_visits=services.side_effects.followed(actor, patient_id) if not clinical and reports else (),
            course=services.timeline.of_patient(actor, patient_id) if clinical else None,
            restricted=services.records.is_restricted(patient_id),
        )
