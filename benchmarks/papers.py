"""Paper: a visit's note with its map, handouts, a day's list, and everything that a day of forty visits leaves behind.

Each is gathered from the record and drawn, after the first of its kind; forty patients take turns. The pictures of
their plates are made before, except in the case that tells what they cost. The baseline is as many empty pages by
ReportLab.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped, unused-ignore]
from reportlab.pdfgen.canvas import Canvas

from benchmarks.measure import Row, beside, quick, row
from benchmarks.small_clinic import NOW, TODAY, SmallClinic, small_clinic
from clinic_app.demo.charting import answers_for, charted_anew, drawn_from_vials
from clinic_app.demo.people import Person, people
from clinic_app.demo.shelf import restock
from clinic_app.documents.day_list import DayEntry, DayList, day_list_document
from clinic_app.documents.letterhead import Clinic
from clinic_app.documents.map_picture import printed_image
from clinic_app.documents.page import to_pdf
from clinic_app.services import charting
from clinic_app.services.handouts import Printing
from clinic_app.services.identity import Confirmed

VISITS = 40
NOTE_MS, SHEET_MS, BATCH_MS = 120.0, 80.0, 5_000.0
BATCH_RUNS = 10
_NINE, _TEN = datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10)
"""Of the clinic's clock: the first appointment, and now."""

Draw = Callable[[int], bytes]


def cases() -> Iterator[Row]:
    """Every row about paper."""
    with tempfile.TemporaryDirectory() as folder:
        clinic = small_clinic(Path(folder))
        try:
            treated = people(TODAY)[:VISITS]
            visits = [_signed(clinic, person) for person in (treated[:2] if quick() else treated)]
            yield from _sheets(clinic, visits)
            yield _case("day list of 40", SHEET_MS, lambda number: _day_list(treated))
            yield _batch(clinic)
        finally:
            clinic.close()


def _sheets(clinic: SmallClinic, visits: list[int]) -> Iterator[Row]:
    services, actor = clinic.services, clinic.physician
    papers, handouts = services.papers, services.handouts

    def visit(number: int) -> int:
        return visits[number % len(visits)]

    def note_with_new_pictures(number: int) -> bytes:
        printed_image.cache_clear()
        return papers.visit_note(actor, visit(number)).render()

    yield _case("note with map, its pictures made anew", None, note_with_new_pictures)
    for each in visits:
        papers.visit_note(actor, each).render()
    yield _case("note with map", NOTE_MS, lambda number: papers.visit_note(actor, visit(number)).render())
    yield _case("aftercare handout", SHEET_MS, lambda number: papers.aftercare(actor, visit(number)).render())
    yield _case("handout", SHEET_MS, lambda _: handouts.paper(actor, "living", "en").render())
    large = Printing(large=True, contrast=True)
    yield _case("handout in large print", SHEET_MS, lambda _: handouts.paper(actor, "living", "es", large).render())


def _batch(clinic: SmallClinic) -> Row:
    bound = clinic.services.day_papers.bound
    kinds = ("visit_note", "aftercare")
    note = f"notes and aftercare of {VISITS} visits in one file"
    draw: Draw = lambda _: bound(clinic.physician, TODAY, kinds).render()  # noqa: E731
    return _case(f"batch of {VISITS} visits", BATCH_MS, draw, BATCH_RUNS, note)


def _case(name: str, target: float | None, draw: Draw, runs: int = VISITS, note: str = "") -> Row:
    pages = _pages(draw(0))
    times = beside(draw, lambda _: _empty(pages), runs)
    return row(f"paper: {name}", target, *times, note=note or f"{pages} page{'s' * (pages > 1)}")


def _pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _empty(pages: int) -> bytes:
    stream = BytesIO()
    canvas = Canvas(stream)
    for _ in range(pages):
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _day_list(patients: tuple[Person, ...]) -> bytes:
    entries = [
        DayEntry(
            _NINE + timedelta(minutes=15 * number),
            f"{person.form.given_name} {person.form.family_name}",
            person.form.birth_date,
            person.form.record_number,
            "Dr. Mara Ellison",
            "Injection",
            "booked",
            "Room 1",
        )
        for number, person in enumerate(patients)
    ]
    return to_pdf(day_list_document(DayList(Clinic("Port Alder Movement Clinic"), TODAY, entries)))


def _signed(clinic: SmallClinic, person: Person) -> int:
    """Today's visit of one of the demo's people, with points on the map and vials that balance."""
    services, actor = clinic.services, clinic.physician
    restock(services, actor, TODAY)
    patient = services.patients.register(actor, person.form)
    draft = services.charts.start(actor, patient)
    content = charted_anew(draft.content, person, clinic.atlas)
    choices = services.stock.choices(actor, content.product, patient, TODAY)
    content = replace(
        drawn_from_vials(content, content.product, choices, _NINE),
        assessment="Turning to the side less than at the last visit; pain 2 of 10.",
        consent=True,
        plan="Repeat at the planned interval; physiotherapy goes on.",
    )
    context = services.charts.context(actor, patient)
    charted = charting.read(content, context, services.reference, _TEN, at_signing=True)
    content = replace(content, answers=answers_for(charted))
    return services.charts.sign(actor, draft.id, draft.version, content, Confirmed(actor.account_id, NOW))
