"""Every paper of the demo clinic in a file, with what each of its pages must carry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from babel.dates import format_date

from clinic_app.languages import paper_language
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.handouts import Printing
from clinic_app.services.paper import Printable
from clinic_app.services.reports_data import Question, ReportFilters
from clinic_app.services.visit_data import VisitDetails
from clinic_app.terms import GONE
from tests.documents.programs import laid_out_text


@dataclass(frozen=True)
class Printed:
    """A file. ``carried`` stands on every page, beside the page's number where it is ``counted``."""

    name: str
    path: Path
    carried: tuple[str, ...]
    language: str
    counted: bool

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page without any space: where a line has its gaps is the programs' guess."""
        return [squeezed(page) for page in laid_out_text(self.path)]

    @cached_property
    def text(self) -> str:
        """The text of the whole."""
        return "".join(self.pages)


@dataclass(frozen=True)
class Clinic:
    """The demo clinic open, and the folder for its paper."""

    services: Services
    actor: Actor
    now: datetime
    folder: Path

    @cached_property
    def visits(self) -> list[VisitDetails]:
        """Every signed visit, patient by patient."""
        services, actor = self.services, self.actor
        patients = services.patients.search(actor, "", limit=200)
        rows = [row for patient in patients for row in services.visits.of_patient(actor, patient.id)]
        return [services.visits.details(actor, row.id) for row in rows]

    def chosen_visits(self) -> list[VisitDetails]:
        """The last with a correction, one of each indication, and those with most lots, vials, checks and muscles."""
        chosen = [max(self.visits, key=lambda visit: (len(visit.addenda), visit.visited_on))]
        chosen += {visit.indication: visit for visit in self.visits}.values()
        for many in (
            lot_numbers,
            lambda visit: visit.vials,
            lambda visit: visit.answers,
            lambda visit: visit.injections,
        ):
            chosen.append(max(self.visits, key=lambda visit: len(many(visit))))
        return list({visit.id: visit for visit in chosen}.values())

    def language(self, patient_id: int) -> str:
        """The language in which a patient reads."""
        told = self.services.patients.details(self.actor, patient_id).form.language
        return paper_language(told, self.services.clinic.language)

    def identity(self, patient_id: int, language: str = "en") -> tuple[str, ...]:
        """Whose paper it is: the name, the day of birth and the number of the record."""
        form = self.services.patients.details(self.actor, patient_id).form
        assert form.birth_date is not None  # of everybody in the demo
        return f"{form.given_name} {form.family_name}", long_date(form.birth_date, language), form.record_number

    def printed(
        self, name: str, paper: Printable, *carried: str, language: str = "en", counted: bool = True
    ) -> Printed:
        """The paper in a file."""
        path = self.folder / f"{name.replace(' ', '-')}.pdf"
        path.write_bytes(paper.render())
        return Printed(name, path, carried, language, counted)

    def for_patient(self, name: str, paper: Printable, patient_id: int) -> Printed:
        """A paper that a patient reads."""
        language = self.language(patient_id)
        return self.printed(name, paper, *self.identity(patient_id, language), language=language)

    def every_paper(self) -> Iterator[Printed]:
        """All that the clinic prints, each kind at least once."""
        yield from self._papers_of_patients()
        yield from self._lists()
        yield from self._letters()
        yield from self._handouts()

    def _papers_of_patients(self) -> Iterator[Printed]:
        papers, actor = self.services.papers, self.actor
        for visit in self.chosen_visits():
            note = papers.visit_note(actor, visit.id)
            yield self.printed(f"note {visit.id}", note, *self.identity(visit.patient_id))
            letter = self.services.letters.referral_letter(actor, visit.id)
            yield self.printed(f"referral letter {visit.id}", letter, *self.identity(visit.patient_id))
            yield self.for_patient(f"aftercare {visit.id}", papers.aftercare(actor, visit.id), visit.patient_id)
            yield self.for_patient(f"diary {visit.id}", papers.diary(actor, visit.id), visit.patient_id)
        longest = max(self.visits, key=lambda visit: sum(visit.patient_id == each.patient_id for each in self.visits))
        whose = self.identity(longest.patient_id)
        yield self.printed("timeline", self.services.timeline.paper(actor, longest.patient_id), *whose)
        booked = self.services.schedule.of_patient(actor, longest.patient_id)[0]
        card = self.services.schedule_papers.appointment_card(actor, booked.id)
        yield self.printed("card", card, language=self.language(longest.patient_id), counted=False)
        day = self.services.day_papers.bound(actor, longest.visited_on, ("visit_note", "aftercare", "diary"))
        yield self.printed("day bound", day, counted=False)

    def _lists(self) -> Iterator[Printed]:
        services, actor, clinic = self.services, self.actor, self.services.clinic.name
        schedule, stock, today = services.schedule_papers, services.stock_papers, self.now.date()
        monday, tomorrow = today - timedelta(days=today.weekday()), today + timedelta(days=1)
        yield self.printed("day list", schedule.day_list(actor, today), clinic, long_date(today))
        yield self.printed("week list", schedule.week_list(actor, monday), clinic, long_date(monday), short_date(today))
        yield self.printed("recall list", schedule.recall_list(actor), clinic, long_date(today))
        yield self.printed("waiting list", schedule.waiting_list(actor), clinic, long_date(today))
        reminders = services.reminders.rows(actor, 5)
        yield self.printed("reminder list", schedule.reminder_list(actor, reminders), clinic, long_date(today))
        yield self.printed("preparation", stock.preparation(actor, tomorrow), clinic, long_date(tomorrow))
        lot = self.most_used_lot()
        yield self.printed("lot list", stock.lot_recipients(actor, lot), clinic, long_date(today))
        for question in Question:
            report = services.reports.answer(actor, question, ReportFilters(first_day=date(2026, 1, 1)))
            yield self.printed(f"report {question.value}", services.reports.paper(actor, report), clinic)

    def most_used_lot(self) -> int:
        """The lot of which most vials are gone."""
        lots = self.services.stock.lots(self.actor)
        return max(lots, key=lambda row: row.vials_received - row.vials_left).lot_id

    def _letters(self) -> Iterator[Printed]:
        services, actor = self.services, self.actor
        to_reach = services.recall.rows(actor)[0].patient_id
        letters = services.schedule_papers.recall_letters(actor, [to_reach])
        yield self.for_patient("recall letter", letters, to_reach)
        about_lot = services.stock_papers.lot_letters(actor, self.most_used_lot(), "The maker asks for it back.")
        yield self.printed("lot letters", about_lot, services.clinic.name, counted=False)

    def _handouts(self) -> Iterator[Printed]:
        handouts, clinic = self.services.handouts, self.services.clinic.name
        for row in handouts.choices(self.actor):
            printings = [Printing(), Printing(large=True, contrast=True)] if row.name == "injections" else [Printing()]
            for printing in printings:
                name = f"handout {row.name} {row.language}{' large' * printing.large}"
                paper = handouts.paper(self.actor, row.name, row.language, printing)
                day = long_date(self.now.date(), row.language)
                yield self.printed(name, paper, clinic, day, language=row.language)

    def with_a_next_appointment(self) -> tuple[VisitDetails, datetime]:
        """The last visit of somebody who is booked and reads English, and when."""
        for visit in self.visits:
            if self.language(visit.patient_id) != "en":
                continue
            booked = self.services.schedule.of_patient(self.actor, visit.patient_id)
            later = [
                row.starts_at for row in booked if row.state not in GONE and row.starts_at.date() > self.now.date()
            ]
            if later:
                return visit, min(later)
        raise LookupError("nobody is booked")


def lot_numbers(visit: VisitDetails) -> set[str]:
    """The lots that went into a visit."""
    return {given.lot_number for given in visit.injections}


def squeezed(text: str) -> str:
    """The text without any space."""
    return "".join(text.split())


def said_in_order(text: str, expected: Iterable[str | tuple[str, ...]]) -> None:
    """Fail unless the text says all of it, one after the other; of several ways to say a thing, the first there."""
    at = 0
    for each in expected:
        ways = (each,) if isinstance(each, str) else each
        found = [(place, squeezed(way)) for way in ways if (place := text.find(squeezed(way), at)) >= 0]
        assert found, f"{ways[0]!r} is not said after {text[max(at - 60, 0) : at]!r}"
        place, way = min(found)
        at = place + len(way)


def broken(cell: str, beside: str) -> tuple[str, ...]:
    """A cell and what stands in the columns behind it: a second line of the cell comes after them."""
    words = cell.split()
    return tuple(f"{' '.join(words[:count])} {beside} {' '.join(words[count:])}" for count in range(len(words), 0, -1))


def long_date(day: date, language: str = "en") -> str:
    """As it is written in the United States, where the demo clinic is."""
    return str(format_date(day, "long", locale=f"{language}_US"))


def short_date(day: date) -> str:
    """The same with a short month."""
    return f"{day:%b} {day.day}, {day.year}"


def clock(at: datetime) -> str:
    """Hours and minutes there."""
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def figure(value: Decimal) -> str:
    """A number without zeros at its end."""
    return f"{value.normalize():f}"
