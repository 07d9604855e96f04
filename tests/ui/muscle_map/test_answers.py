"""Answers to checks stand with the name of who gave them, on the screen as in the database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from clinic_app.atlas.atlas import Atlas
from clinic_app.reference.catalogue import Reference
from clinic_app.services.chart_data import Answer
from clinic_app.terms import Side
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.finding_list import FindingRow
from clinic_app.ui.muscle_map.sign_page import SignPage
from clinic_app.ui.muscle_map.wording import place_of_subject
from clinic_app.ui.tasks import Tasks
from tests.services.conftest import OpenClinic
from tests.ui.keyboard import type_text
from tests.ui.muscle_map.conftest import LEVATOR, SPLENIUS, Desk, charted, desk_on

STOP = "interval.too_short"
EYES = "blepharospasm"


@pytest.fixture
def nurses_desk(clinic: OpenClinic, tasks: Tasks, atlas: Atlas, bugs: list[BaseException]) -> Iterator[Desk]:
    yield from desk_on(clinic, clinic.nurse, tasks, atlas)
    assert not bugs


def row_of(desk: Desk, check: str) -> FindingRow:
    return next(row for (each, _), row in desk.panel.findings.rows.items() if each == check)


def too_early(desk: Desk) -> None:
    """A chart thirty days after the last visit, which is a stop."""
    clinic, content = desk.clinic, desk.clinic.content()
    clinic.clock.forward(days=-30)
    vial = replace(content.vials[0], reconstituted_at=datetime(2026, 1, 31, 9, 30))
    clinic.signed(desk.patient, replace(content, visited_on=date(2026, 1, 31), vials=(vial,)))
    clinic.clock.forward(days=30)
    desk.start(repeat=True)


def answered_by_nurse(desk: Desk, check: str, reason: str = "") -> None:
    """The nurse has answered the open chart's check; the physician has it open again."""
    said = next(said for said in desk.chart.read_for_signing().findings if said.check == check)
    desk.kept()
    draft, nurse, charts = desk.chart.draft.id, desk.clinic.nurse, desk.clinic.services.charts
    desk.view.close_chart()
    desk.settle()
    kept = charts.open(nurse, draft)
    charts.keep(nurse, draft, kept.version, edits.answer(kept.content, said, nurse, reason))
    desk.view.open_draft(draft)
    desk.settle()


def answers(desk: Desk) -> tuple[Answer, ...]:
    return desk.content.answers


def consented(desk: Desk) -> bool:
    return desk.content.consent


def review(desk: Desk) -> SignPage:
    desk.view.review()
    assert desk.signing is not None
    return desk.signing


def test_who_acknowledged_is_told_and_taking_it_back_and_undoing_that_makes_it_ones_own(desk: Desk) -> None:
    charted(desk)
    answered_by_nurse(desk, "documentation.reason")
    page = review(desk)
    row = page.findings.rows["documentation.reason", ""]
    assert row.answer_text() == "Acknowledged by Nurse"
    QTest.mouseClick(row.take_back, Qt.MouseButton.LeftButton)
    assert row.answer_text() == ""
    assert answers(desk) == ()
    assert desk.kept().content.answers == ()
    desk.view.undo()
    assert row.answer_text() == "Acknowledged by Dr. Mara Ellison"
    assert answers(desk) == desk.kept().content.answers
    desk.view.redo()
    desk.view.undo()
    assert desk.kept().content.answers == answers(desk)
    assert [each.by for each in answers(desk)] == ["Dr. Mara Ellison"]


def test_an_undo_before_the_next_save_leaves_screen_and_database_alike(desk: Desk) -> None:
    charted(desk)
    answered_by_nurse(desk, "documentation.reason")
    desk.chart.edit(edits.take_back_answer(desk.content, "documentation.reason", ""))
    desk.view.undo()
    assert desk.kept().content.answers == answers(desk)
    assert [each.by for each in answers(desk)] == ["Dr. Mara Ellison"]


def test_a_reason_that_a_nurse_left_at_a_stop_waits_for_the_physician_who_may_take_it_over(desk: Desk) -> None:
    too_early(desk)
    answered_by_nurse(desk, STOP, "flies abroad for half a year")
    row = row_of(desk, STOP)
    assert row.answer_text() == "Waits for a physician. Nurse noted: flies abroad for half a year"
    assert row.override.isVisible()
    assert desk.chart.answer_to(row.said) is None
    QTest.mouseClick(row.override, Qt.MouseButton.LeftButton)
    assert row.reason.text() == "flies abroad for half a year"
    QTest.keyClick(row.reason, Qt.Key.Key_Return)
    assert row.answer_text() == "Overridden by Dr. Mara Ellison: flies abroad for half a year"
    assert desk.kept().content.answers == answers(desk)


def test_a_nurse_can_acknowledge_but_not_override(nurses_desk: Desk) -> None:
    desk = nurses_desk
    too_early(desk)
    assert not row_of(desk, STOP).override.isVisible()
    desk.chart.edit(edits.answer(desk.content, row_of(desk, STOP).said, desk.clinic.nurse, "agreed"))
    assert desk.chart.answer_to(row_of(desk, STOP).said) is None
    desk.choose_vial()
    desk.type_units(LEVATOR, "30")
    warning = next(row for row in desk.panel.findings.rows.values() if row.said.level.value == "warn")
    QTest.mouseClick(warning.acknowledge, Qt.MouseButton.LeftButton)
    assert warning.answer_text() == "Acknowledged by Nurse"


def test_an_answer_of_an_older_draft_waits_to_be_given_again_by_name(desk: Desk) -> None:
    charted(desk)
    desk.chart.edit(replace(desk.content, answers=(Answer("documentation.reason"),)))
    row = review(desk).findings.rows["documentation.reason", ""]
    assert row.acknowledge.isVisible()
    assert row.answer_text() == ""


def test_consent_is_given_from_its_check_with_one_click_and_one_step(desk: Desk) -> None:
    charted(desk)
    page = review(desk)
    row = page.findings.rows["documentation.consent", ""]
    assert [each for each, other in page.findings.rows.items() if other.mend.isVisible()] == [row_key(row)]
    QTest.mouseClick(row.mend, Qt.MouseButton.LeftButton)
    assert consented(desk)
    assert row_key(row) not in page.findings.rows
    assert desk.panel.closing.consent.value()
    assert desk.chart.model.undo_text == "consent"
    desk.view.undo()
    assert not consented(desk)
    assert page.findings.rows["documentation.consent", ""].mend.isVisible()


def row_key(row: FindingRow) -> tuple[str, str]:
    return row.said.check, row.said.subject


def test_the_signing_page_names_every_indication_and_what_each_muscle_is_for(desk: Desk) -> None:
    charted(desk)
    levator = desk.content.lines[1].key
    desk.chart.edit(edits.set_line_indication(desk.content, levator, EYES))
    page = review(desk)
    shown = [label.text() for label in page.findChildren(QLabel)]
    assert any("Cervical dystonia (spasmodic torticollis) and blepharospasm" in text for text in shown)
    assert "Right levator scapulae, for blepharospasm" in shown
    assert "Right splenius capitis" in shown


def test_the_folded_line_names_the_codes_as_they_stand(desk: Desk) -> None:
    charted(desk)
    desk.settle()
    closing = desk.panel.closing
    assert "codes 64616, J0585-JZ ×100 (suggested)" in closing.summary()
    desk.type_units(LEVATOR, "30")
    desk.settle()
    assert "codes 64616, J0585 ×90 (suggested)" in closing.summary()
    closing.set_open(True)
    closing.codes.field.setFocus()
    closing.codes.field.editor.selectAll()
    type_text(closing.codes.field.editor, "64616-50")
    desk.row(SPLENIUS).focus_units()
    closing.set_open(False)
    assert "codes 64616-50 (edited)" in closing.summary()
    desk.chart.edit(replace(desk.content, codes=("neck",)))
    assert "codes to correct" in closing.summary()
    desk.chart.edit(replace(desk.content, codes=()))
    assert "no codes" in closing.summary()


@pytest.mark.parametrize(
    ("subject", "place"),
    [
        ("splenius_capitis/left", ("splenius_capitis", Side.LEFT)),
        ("splenius_capitis/left/cervical_dystonia", ("splenius_capitis", Side.LEFT)),
        ("procerus/midline", ("procerus", Side.MIDLINE)),
        ("procerus/midline/blepharospasm", ("procerus", Side.MIDLINE)),
        ("procerus", ("procerus", Side.MIDLINE)),
        ("onabotulinumtoxinA/cervical_dystonia", None),
        ("medicine/ginkgo", None),
        ("vial-1", None),
        ("", None),
    ],
)
def test_a_finding_for_one_of_several_indications_is_about_its_muscle(
    reference: Reference, subject: str, place: tuple[str, Side] | None
) -> None:
    assert place_of_subject(reference, subject) == place


def test_an_answer_does_not_outlive_the_figure_it_was_given_to(desk: Desk) -> None:
    charted(desk)
    desk.type_units(SPLENIUS, "420")
    cap = "dose.visit_cap"
    row = row_of(desk, cap)
    QTest.mouseClick(row.override, Qt.MouseButton.LeftButton)
    QTest.keyClicks(row.reason, "agreed")
    QTest.keyClick(row.reason, Qt.Key.Key_Return)
    assert row.answer_text() == "Overridden by Dr. Mara Ellison: agreed"
    desk.type_units(SPLENIUS, "600")
    row = row_of(desk, cap)
    assert desk.chart.answer_to(row.said) is None
    assert row.answer_text() == "Changed since Dr. Mara Ellison answered it."
    assert row.override.isVisible()
    desk.type_units(SPLENIUS, "420")
    assert row_of(desk, cap).answer_text() == "Overridden by Dr. Mara Ellison: agreed", "the very figure again"
