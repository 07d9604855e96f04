"""Everything of one patient on paper: all of it, in plain words, and easy to find one's way in."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pypdfium2  # type: ignore[import-untyped, unused-ignore]

from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.patient_record import patient_record_document
from clinic_app.documents.patient_record_content import (
    Named,
    PatientRecord,
    RecordInjection,
    RecordScore,
    RecordVial,
    RecordVisit,
)
from clinic_app.documents.visit_content import NoteOrigin, NoteSignature
from clinic_app.terms import Side
from tests.documents.reading import page_texts, whole_text

DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 9, 30)
NECK = Named("Cervical dystonia", "cervical_dystonia")


def vial(product: str, lot: str, *units: str) -> RecordVial:
    given = tuple(RecordInjection("Splenius capitis", Side.LEFT, Decimal(each)) for each in units)
    return RecordVial(product, lot, None, given)


def visit(days_ago: int = 0) -> RecordVisit:
    signature = NoteSignature("Dr. Ruth Abel", AT, "9f86d081" * 8)
    vials = (
        vial("onabotulinumtoxinA (Botox)", "C1", "12.5", "30"),
        vial("rimabotulinumtoxinB (Myobloc)", "M1", "2500"),
    )
    return RecordVisit(DAY - timedelta(days=days_ago), "Dr. Ruth Abel", NECK, signature, vials=vials)


def record(*visits: RecordVisit) -> PatientRecord:
    patient = PatientIdentity("Ada Okafor", date(1961, 3, 12), "MRN0001")
    return PatientRecord(Clinic("Port Alder", phone="555-0100"), patient, AT, "Dr. Ruth Abel", visits=visits)


def text_of(told: PatientRecord) -> str:
    return whole_text(to_pdf(patient_record_document(told)))


def outline(pdf: bytes) -> list[tuple[int, str]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [(each.level, each.get_title()) for each in document.get_toc()]
    finally:
        document.close()


def test_each_product_has_its_own_sum_and_none_is_added_to_another() -> None:
    text = text_of(record(visit()))
    assert "onabotulinumtoxinA (Botox) · lot C1 · 42.5 U in all" in text
    assert "rimabotulinumtoxinB (Myobloc) · lot M1 · 2500 U in all" in text
    assert "2542.5" not in text


def test_a_visit_of_before_says_that_nobody_signed_it_here() -> None:
    origin = NoteOrigin("injections 2019.xlsx", AT, "Mo Field")
    text = text_of(record(replace(visit(), brought_in=origin)))
    assert "From an older record (injections 2019.xlsx), brought in on Nov 24, 2026, 9:30" in text
    assert "It was not signed in this program." in text
    assert "Signed by" not in text and "Consent" not in text


def test_hundreds_of_visits_stand_there_each_with_its_bookmark_below_that_of_the_visits() -> None:
    visits = [visit(days_ago=7 * number) for number in range(300)]
    scores = tuple(RecordScore(each.visited_on, "TWSTRS severity", Decimal(17)) for each in visits)
    pdf = to_pdf(patient_record_document(replace(record(*visits), scores=scores)))
    marks = outline(pdf)
    assert [words for level, words in marks if level == 0][-4:] == [
        "Rating scales", "Your diaries", "Appointments", "What your payer agreed to",
    ]  # fmt: skip
    assert sum(level == 1 for level, _ in marks) == 300
    assert (1, "November 24, 2026 · Cervical dystonia (a twisted neck)") in marks
    pages = page_texts(pdf)
    assert " ".join(pages).count("TWSTRS severity") == 300
    assert "more in the record" not in " ".join(pages)
    assert all("MRN0001" in page and f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))


def test_the_first_page_tells_by_whom_it_was_made_and_what_is_in_it() -> None:
    first, *_ = page_texts(to_pdf(patient_record_document(record(visit(), visit(84)))))
    assert "by Dr. Ruth Abel" in first and "Your visits: 2" in first and "Allergies: 0" in first
    assert "Please tell us: 555-0100." in first


def test_what_nobody_noted_says_so() -> None:
    assert text_of(record()).count("Nothing is on record.") >= 12


def test_it_speaks_spanish_to_who_reads_spanish() -> None:
    text = text_of(replace(record(visit()), edition=Edition().speaking("es")))
    assert "Distonía cervical (tortícolis)" in text and "Izquierda" in text and "42.5 U en total" in text
