"""Every paper of the demo clinic, looked at by other people's programs: sound, whole, and all that the record holds."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped, unused-ignore]
import pytest
from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

from clinic_app.atlas.atlas import Atlas
from clinic_app.demo import template
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.names import product_name
from clinic_app.services.bundle import Services
from clinic_app.services.stores import unlock
from clinic_app.services.visit_data import GivenInjection, UsedVial, VisitDetails
from clinic_app.terms import GONE
from tests.demo.conftest import WEDNESDAY
from tests.demo.printed import (
    Clinic,
    Printed,
    broken,
    clock,
    figure,
    long_date,
    lot_numbers,
    said_in_order,
    short_date,
    squeezed,
)
from tests.documents.programs import complaints, fonts
from tests.documents.reading import NAMED_FONTS, properties

LOCAL = WEDNESDAY.replace(tzinfo=None)


@pytest.fixture(scope="module")
def clinic(
    cache: Path, atlas: Atlas, reference: Reference, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    """The demo clinic, in which one visit has been corrected."""
    folder = template.fresh_demo(lambda: WEDNESDAY, atlas, reference)
    store = unlock(folder.settings, template.USER, template.PASSPHRASE, lambda: WEDNESDAY)
    services = Services(store.database, lambda: WEDNESDAY, reference, atlas)
    patient = services.patients.search(store.actor, "", limit=1)[0]
    visit = services.visits.of_patient(store.actor, patient.id)[0]
    confirmed = services.identity.confirm(store.actor, template.PIN)
    services.visits.add_addendum(store.actor, visit.id, "Left out.", "The other shoulder was sore before.", confirmed)
    yield Clinic(services, store.actor, LOCAL, tmp_path_factory.mktemp("papers"))
    store.database.close()
    folder.remove()


@pytest.fixture(scope="module")
def papers(clinic: Clinic) -> list[Printed]:
    return list(clinic.every_paper())


def test_qpdf_finds_nothing_to_complain_of(papers: list[Printed]) -> None:
    assert {paper.name: said for paper in papers if (said := complaints(paper.path))} == {}


def test_every_font_is_in_the_file(papers: list[Printed]) -> None:
    for paper in papers:
        assert {font for font, embedded in fonts(paper.path).items() if not embedded} <= NAMED_FONTS, paper.name


def test_every_page_says_whose_it_is_and_which_of_how_many(papers: list[Printed]) -> None:
    missing = {
        (paper.name, number, words)
        for paper in papers
        for number, page in enumerate(paper.pages, start=1)
        for words in paper.carried
        if squeezed(words) not in page
    }
    assert missing == set()
    for paper in papers:
        if paper.counted:
            told = [re.findall(r"(?:Page|Página)(\d+)(?:of|de)(\d+)", page)[-1:] for page in paper.pages]
            assert told == [[(f"{n}", f"{len(paper.pages)}")] for n in range(1, len(told) + 1)], paper.name


def test_files_say_their_title_whose_they_are_and_their_language(papers: list[Printed], clinic: Clinic) -> None:
    for paper in papers:
        told = properties(paper.path.read_bytes())
        assert told["Title"], paper.name
        assert told["Author"] == clinic.services.clinic.name, paper.name
        assert _language(paper.path) == paper.language, paper.name
    assert {paper.language for paper in papers} == {"en", "es"}


def test_long_files_can_be_leafed_through(papers: list[Printed]) -> None:
    """What has headings leads to them; a table has none."""
    without = {paper.name for paper in papers if len(paper.pages) > 1 and not _bookmarks(paper.path)}
    assert {name for name in without if not name.endswith("list") and not name.startswith("report")} == set()


def test_no_name_of_a_file_or_property_names_a_patient(papers: list[Printed], clinic: Clinic) -> None:
    names = {row.family_name for row in clinic.services.patients.search(clinic.actor, "", limit=200)}
    for paper in papers:
        told = " ".join(properties(paper.path.read_bytes()).values())
        assert not any(re.search(rf"\b{re.escape(name)}\b", told) for name in names), paper.name


def test_a_note_says_all_that_the_record_holds_in_the_order_of_reading(
    papers: list[Printed], clinic: Clinic, reference: Reference
) -> None:
    printed = {paper.name: paper for paper in papers}
    for visit in clinic.chosen_visits():
        said_in_order(printed[f"note {visit.id}"].text, _facts(visit, clinic, reference))


def test_aftercare_names_each_place_the_telephone_and_the_next_appointment(
    clinic: Clinic, reference: Reference
) -> None:
    visit, at = clinic.with_a_next_appointment()
    text = clinic.printed("booked", clinic.services.papers.aftercare(clinic.actor, visit.id)).text
    said_in_order(text, [*clinic.identity(visit.patient_id), "Today you had injections in"])
    for given in visit.injections:
        assert squeezed(reference.muscle(given.muscle).name) in text
    injector, phone = visit.injector, clinic.services.clinic.phone
    said_in_order(
        text, [_product(visit.vials[0].product, reference), injector, "Call us", phone, long_date(at), clock(at)]
    )
    assert not any(squeezed(f"{figure(given.units)} U") in text for given in visit.injections)


def test_the_day_list_has_every_appointment_in_the_order_of_time(papers: list[Printed], clinic: Clinic) -> None:
    (day_list,) = (paper for paper in papers if paper.name == "day list")
    rows = clinic.services.schedule.board(clinic.actor, LOCAL.date(), 1).appointments
    kept = sorted((row for row in rows if row.state not in GONE), key=lambda row: row.starts_at)
    assert len(kept) > 8
    said_in_order(day_list.text, [
        f"{clock(row.starts_at)} {row.patient_name} {short_date(row.birth_date)} {row.record_number}" for row in kept
    ])  # fmt: skip


def test_the_week_list_has_every_appointment_under_its_injector_and_day(papers: list[Printed], clinic: Clinic) -> None:
    (week_list,) = (paper for paper in papers if paper.name == "week list")
    services, actor = clinic.services, clinic.actor
    names = {each.id: each.name for each in services.schedule.choices(actor).injectors}
    rows = services.schedule.board(actor, LOCAL.date().replace(day=14), 7).appointments
    kept = sorted(
        (row for row in rows if row.state not in GONE), key=lambda row: (names[row.injector_id], row.starts_at)
    )
    expected: list[str] = []
    for before, row in zip([None, *kept], kept, strict=False):
        if before is None or before.injector_id != row.injector_id:
            expected.append(f"{names[row.injector_id]} ·")
            before = None
        if before is None or before.starts_at.date() != row.starts_at.date():
            expected.append(f"{row.starts_at:%A}, {long_date(row.starts_at)}")
        expected.append(f"{clock(row.starts_at)} {row.minutes} min {row.patient_name} {short_date(row.birth_date)}")
    assert len(kept) > 30
    said_in_order(week_list.text, expected)


def test_the_preparation_list_has_the_shelf_and_every_patient(
    papers: list[Printed], clinic: Clinic, reference: Reference
) -> None:
    (preparation,) = (paper for paper in papers if paper.name == "preparation")
    prepared = clinic.services.stock.prepare(clinic.actor, LOCAL.date().replace(day=17))
    expected: list[str] = []
    for need in prepared.products:
        for choice in need.vials:
            beside = f"{choice.vials} {figure(choice.size_units)} U {choice.number} {short_date(choice.expires_on)}"
            expected.append(f"{_product(need.product, reference)} {beside}" if choice is need.vials[0] else beside)
    for patient in prepared.patients:
        at = LOCAL.replace(hour=patient.starts_at.hour, minute=patient.starts_at.minute)
        (choice, *_) = patient.choices
        assert patient.units is not None
        expected.append(f"{clock(at)} {patient.name}")
        expected.append(f"{figure(patient.units)} {choice.vials} × {figure(choice.size_units)} U, lot {choice.number}")
        assert patient.record_number in preparation.text
    assert len(prepared.patients) > 3
    said_in_order(preparation.text, expected)


def _facts(visit: VisitDetails, clinic: Clinic, reference: Reference) -> Iterator[str | tuple[str, ...]]:
    """What the note must say, from the top to the end."""
    signed_at = visit.signed_at.astimezone(WEDNESDAY.tzinfo)
    yield clinic.services.clinic.name
    yield clinic.identity(visit.patient_id)[0]
    yield long_date(visit.visited_on)
    yield visit.injector
    yield reference.indications[visit.indication].name
    yield f"ICD-10-CM {visit.icd10cm}" if visit.icd10cm else ""
    yield visit.assessment
    yield "Consent"
    for vial in visit.vials:
        yield from _mixed(vial)
    for given in visit.injections:
        yield _injection_row(given, visit, reference)
    yield "Total"
    yield "Map"
    for answer in visit.answers:
        yield broken(answer.said, answer.by)
    for vial in visit.vials:
        yield from _spent(vial)
    yield visit.complications
    yield ", ".join(visit.codes)
    yield visit.plan
    yield f"{visit.interval_weeks} weeks"
    yield visit.signed_by
    yield f"Signed electronically on {short_date(signed_at)}"
    for addendum in visit.addenda:
        yield addendum.by
        yield addendum.reason
        yield addendum.text
        yield addendum.digest
    yield visit.digest


def _injection_row(given: GivenInjection, visit: VisitDetails, reference: Reference) -> tuple[str, ...]:
    assert given.volume_ml is not None  # no vial was brought in without its contents
    lot = given.lot_number if len(lot_numbers(visit)) > 1 else ""
    figures = f"{figure(given.units)} {figure(given.volume_ml)} {len(given.points)}"
    beside = f"{given.side.value.capitalize()} {figures} {', '.join(given.guidance)} {lot}"
    return broken(reference.muscle(given.muscle).name, beside)


def _mixed(vial: UsedVial) -> Iterator[str]:
    assert vial.diluent_ml is not None and vial.size_units is not None
    drawn = f"{figure(vial.diluent_ml)} mL"
    assert vial.expires_on is not None  # of every vial that was used
    yield f"{vial.lot_number} {short_date(vial.expires_on)} {figure(vial.size_units)} U {drawn}"
    yield figure(vial.size_units / vial.diluent_ml / 10)


def _spent(vial: UsedVial) -> Iterator[str]:
    assert vial.size_units is not None and vial.wasted_units is not None
    spent = f"{figure(vial.given_units)} U {figure(vial.wasted_units)} U"
    yield f"{vial.lot_number} {figure(vial.size_units)} U {spent}"
    yield vial.waste_reason


def _product(product: str, reference: Reference) -> str:
    return product_name(reference, product, "US")


def _language(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        buffer = (raw.FPDF_WCHAR * 40)()
        raw.FPDFCatalog_GetLanguage(document.raw, buffer, 80)
        return bytes(buffer).decode("utf-16-le").partition("\0")[0]
    finally:
        document.close()


def _bookmarks(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [each.get_title() for each in document.get_toc()]
    finally:
        document.close()
