from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.timeline import TimelinePaper, timeline_document
from clinic_app.partial_dates import PartialDate
from clinic_app.terms import Severity, Side
from clinic_app.timeline.course import Benefit, Course, CourseEffect, CourseVisit, Dose, Treatment, TreatmentKind
from tests.documents.build import CLINIC, PATIENT
from tests.documents.reading import fonts_used, page_sizes, page_texts, pictures, whole_text

TODAY, ONABOT = date(2026, 8, 4), "onabotulinumtoxinA"
MUSCLES = ("Sternocleidomastoid", "Splenius capitis", "Levator scapulae", "Trapezius")


def course(visits: int, muscles: int = 2) -> Course:
    days = [TODAY - timedelta(days=10 + 84 * number) for number in reversed(range(visits))]
    names = [
        (f"{MUSCLES[n % 4]}{'' if n < 4 else f' {n}'}", Side.LEFT if n % 2 else Side.RIGHT) for n in range(muscles)
    ]
    doses = tuple(Dose(name, name, side, ONABOT, Decimal(30)) for name, side in names)
    given = tuple(CourseVisit(n, day, "", doses, Benefit(7, 60, 10)) for n, day in enumerate(days))
    start = days[0] + timedelta(days=8)
    effect = CourseEffect(1, 0, days[0], "Trouble swallowing", Severity.MODERATE, start, start + timedelta(days=9))
    baclofen = Treatment(TreatmentKind.MEDICINE, "Baclofen", PartialDate.of(days[-1] + timedelta(days=1)))
    return Course(TODAY, given, (effect,), (), (baclofen,), (), ((ONABOT, ONABOT),))


def paper(of: Course, edition: Edition | None = None) -> bytes:
    return to_pdf(timeline_document(TimelinePaper(CLINIC, PATIENT, of, edition or Edition())))


def test_the_timeline_lies_and_tells_whose_it_is_what_was_given_and_what_the_signs_mean() -> None:
    pdf = paper(course(5))
    assert page_sizes(pdf) == [(792, 612)]
    text = whole_text(pdf)
    for expected in (
        "Ada Nkechi Okafor",
        "March 12, 1961",
        "MRN0004321",
        "Page 1 of 1",
        ONABOT,
        "0 to 60 U",
        "60 U",
        "12 w",
        "60 %",
        "Trouble swallowing, moderate",
        "Baclofen",
        "Sternocleidomastoid, right",
        "severe or worse",
        "dose changed",
        "today",
    ):
        assert expected in text
    assert all(fonts_used(pdf).values())


def test_many_years_and_many_muscles_take_more_pages_each_with_name_and_axis_and_every_visit() -> None:
    pages = page_texts(paper(course(60, muscles=12)))
    assert 4 <= len(pages) <= 12
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert PATIENT.name in page and PATIENT.record_number in page
    years = {year for page in pages for year in range(2012, 2027) if f"{year}" in page}
    assert years >= set(range(2013, 2027))


def test_a_lifetime_of_visits_stays_within_bounds() -> None:
    assert len(page_texts(paper(course(600, muscles=4)))) <= 18


def test_before_the_first_injection_it_says_so() -> None:
    assert "No injections on record." in whole_text(paper(Course(TODAY)))


def test_severities_can_be_told_apart_in_grey() -> None:
    """Printed without colour, spans of the three severities still differ by how much of them is ink."""
    one = course(1)
    shares = []
    for severity in (Severity.MILD, Severity.MODERATE, Severity.SEVERE):
        (effect,) = one.effects
        (picture,) = pictures(paper(replace(one, effects=(replace(effect, severity=severity, name=""),))), 3.0)
        shares.append(sum(picture.convert("L").histogram()[:170]))
    assert shares[0] < shares[1] - 20 and shares[1] < shares[2] - 20


def test_dates_follow_the_paper_s_locale() -> None:
    text = whole_text(paper(course(3), Edition("A4", "en", "de_DE")))
    assert "12. März 1961" in text
