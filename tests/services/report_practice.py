"""Three patients of a clinic, and everything that can happen to what the reports count, in any order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from clinic_app.services.chart_data import ChartLine
from clinic_app.services.reports_data import Question, ReportFilters
from clinic_app.services.schedule_data import Booking
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import Severity, Side
from tests.services.conftest import OpenClinic

FIRST = date(2025, 12, 1)
KEPT = tuple(question for question in Question if question is not Question.NO_SHOWS)
INTERVALS = (12, None, 4)


@dataclass(frozen=True, slots=True)
class Signed:
    """A visit that was signed, and its muscles."""

    number: int
    patient: int
    day: date
    muscles: tuple[tuple[str, Side], ...]


class Practice:
    """Does what a clinic does. Acts on visits or side effects do nothing while there are none."""

    def __init__(self, clinic: OpenClinic) -> None:
        self.clinic, self.physician = clinic, clinic.physician
        self.patients = [clinic.patient(family_name=name) for name in ("Okafor", "Byrne", "Weiss")]
        self.visits: list[Signed] = []
        self.effects: list[tuple[int, int]] = []
        """Number, patient."""
        self._booked = 0

    def sign(self, who: int, day: int, what: int) -> None:
        """A visit on a day that may lie before others: of two muscles, or of one that treats something else."""
        content = self.clinic.content(visited_on=FIRST + timedelta(days=day), interval_weeks=INTERVALS[what])
        if what == 1:
            eyes = ChartLine("a", "trapezius", Side.LEFT, "25", vial="v1", indication="blepharospasm")
            content = replace(content, lines=(eyes,), consent=False)
        patient = self.patients[who]
        muscles = tuple((line.muscle, line.side) for line in content.lines)
        self.visits.append(Signed(self.clinic.signed(patient, content), patient, content.visited_on, muscles))

    def notice(self, which: int, suspected: int) -> None:
        """A side effect after a visit."""
        if self.visits:
            visit = self.visits[which % len(self.visits)]
            effect = self.clinic.services.side_effects.record(self.physician, _effect(visit, suspected))
            self.effects.append((effect, visit.patient))

    def change(self, which: int, onto: int, suspected: int) -> None:
        """Another muscle is suspected, or the side effect followed another visit of the patient."""
        if self.effects:
            effect, patient = self.effects[which % len(self.effects)]
            visits = [visit for visit in self.visits if visit.patient == patient]
            service = self.clinic.services.side_effects
            version = next(row.version for row in service.of_patient(self.physician, patient) if row.id == effect)
            service.change(self.physician, effect, version, _effect(visits[onto % len(visits)], suspected))

    def deny(self, which: int) -> None:
        """Somebody asks after a visit, and no side effect is reported."""
        service = self.clinic.services.side_effects
        told = {row.visit_id for patient in self.patients for row in service.of_patient(self.physician, patient)}
        silent = [visit.number for visit in self.visits if visit.number not in told]
        if silent:
            service.none_reported(self.physician, silent[which % len(silent)])

    def respond(self, which: int, percent: int) -> None:
        """What a visit did is told, or told otherwise."""
        if self.visits:
            visit = self.visits[which % len(self.visits)].number
            told = ResponseData(best_percent=percent, wore_off_week=10)
            self.clinic.services.visits.record_response(self.physician, visit, told)

    def agree(self, who: int, weeks: int) -> None:
        """The patient's usual interval becomes another."""
        patients, patient = self.clinic.services.patients, self.patients[who]
        before = patients.details(self.physician, patient)
        patients.save(self.physician, patient, before.version, replace(before.form, usual_interval_weeks=weeks))

    def book(self, which: int) -> None:
        """The next appointment after a visit, if the clock still stands on the day of signing."""
        if self.visits:
            visit = self.visits[which % len(self.visits)]
            self._booked += 1
            starts = datetime.combine(self.clinic.clock().date(), time(9)) + timedelta(days=50 + self._booked)
            self.clinic.services.schedule.book(
                self.physician,
                Booking(visit.patient, self.physician.account_id, 1, starts, 30, follows_visit_id=visit.number,
                        overbook_reason="asked", any_room=True),
            )  # fmt: skip

    def wait(self, days: int) -> None:
        """Time passes."""
        self.clinic.clock.forward(days=days)

    def ask(self, question: Question) -> None:
        """Somebody reads a report, so that its months are kept as they are now."""
        self.clinic.services.reports.answer(self.physician, question, ReportFilters())


def _effect(visit: Signed, suspected: int) -> SideEffectForm:
    return SideEffectForm(
        visit.number,
        "neck_pain",
        severity=Severity.MILD,
        started_on=visit.day,
        muscles=visit.muscles[:suspected],
        keep_both=True,
    )


Act = Callable[[Practice], None]
_any, _three = st.integers(0, 7), st.integers(0, 2)


def _acts(name: str, *arguments: st.SearchStrategy[object]) -> st.SearchStrategy[Act]:
    def doing(given: tuple[object, ...]) -> Act:
        def act(practice: Practice) -> None:
            getattr(practice, name)(*given)

        act.__name__ = act.__qualname__ = f"{name}{given}"
        return act

    return st.tuples(*arguments).map(doing)


acts: st.SearchStrategy[Act] = st.one_of(
    _acts("sign", _three, st.integers(0, 91), _three),
    _acts("notice", _any, _three),
    _acts("change", _any, _any, _three),
    _acts("deny", _any),
    _acts("respond", _any, st.sampled_from((0, 50, 80))),
    _acts("agree", _three, st.sampled_from((4, 10, 20))),
    _acts("book", _any),
    _acts("wait", st.sampled_from((0, 1, 30))),
    _acts("ask", st.sampled_from(KEPT)),
)
