"""Nonsense at every place of a visit: one sentence where it happened, nothing lost, nothing signed twice."""

from datetime import date, time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from clinic_app.rules.findings import Level
from tests.clinics import PASSPHRASE
from tests.journeys.hands import commit
from tests.ui.muscle_map.conftest import LEVATOR, SPLENIUS, Desk, answer_everything, charted


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1e9", "is not a quantity"),
        ("-3", "cannot be less than zero"),
        ("NaN", "is not a quantity"),
        ("٤٠", "is not a quantity"),
        ("４０", "is not a quantity"),
        ("inf", "is not a quantity"),
        ("1,000.5", "is not a quantity"),
        ("99999999", "more than any vial holds"),
        ("40 U", "is not a quantity"),
        ("40.0001", "is not a quantity"),
    ],
)
def test_units_that_are_none_are_told_kept_and_never_signed(desk: Desk, typed: str, said: str) -> None:
    charted(desk)
    row = desk.row(LEVATOR)
    row.focus_units()
    row.units.selectAll()
    commit(row.units, typed)
    desk.row(SPLENIUS).focus_units()
    assert said in row.error.text()
    assert row.units.text() == typed
    assert desk.kept().content.lines[1].units == typed, "nothing typed is lost"
    desk.view.review()
    assert desk.signing is not None
    answer_everything(desk)
    assert not desk.signing.sign_button.isEnabled()
    assert said in desk.signing.todo.text()


def test_a_comma_is_a_decimal_point(desk: Desk) -> None:
    charted(desk)
    desk.type_units(LEVATOR, "40,5")
    desk.row(SPLENIUS).focus_units()
    assert desk.row(LEVATOR).error.text() == ""
    assert desk.chart.charted.units[1] == desk.chart.charted.totals[0][1] - 60


def test_a_scale_total_outside_its_range_is_said_at_its_field_and_never_signed(desk: Desk) -> None:
    charted(desk)
    desk.panel.closing.set_open(True)
    field = desk.panel.closing._scores["tsui", ""]
    commit(field.editor, "26")
    field.editor.clearFocus()
    desk.panel.closing.refresh()
    (problem,) = desk.chart.charted.problems
    assert problem.sentence == "This score goes from 0 to 25. Check it."
    desk.view.review()
    assert desk.signing is not None
    answer_everything(desk)
    assert not desk.signing.sign_button.isEnabled()
    field.editor.selectAll()
    commit(field.editor, "25")
    assert desk.chart.charted.problems == ()


def test_an_expiry_before_today_is_stopped_before_anybody_signs(desk: Desk) -> None:
    charted(desk)
    card = next(iter(desk.panel.vials.cards.values()))
    card.lot.set_value(-1)
    card.lot.editor.activated.emit(card.lot.editor.currentIndex())
    card.number.editor.setText("OLD1")
    card.expiry.set_value(date(2026, 3, 1))
    card.expiry.changed.emit()
    found = {said.check: said for said in desk.chart.charted.findings}
    assert found["vial.expired"].level is Level.STOP
    assert "OLD1" in found["vial.expired"].sentence


def test_a_vial_that_was_mixed_later_than_now_is_told_at_its_field(desk: Desk) -> None:
    charted(desk)
    card = next(iter(desk.panel.vials.cards.values()))
    card.set_open(True)
    card.mixed.set_value(time(23, 30))
    card.mixed.changed.emit()
    card.mixed.left.emit()
    assert "lies ahead" in card.mixed.error()
    desk.view.review()
    assert desk.signing is not None
    assert not desk.signing.sign_button.isEnabled()


def test_a_click_beside_every_muscle_says_so_and_charts_nothing(desk: Desk) -> None:
    said: list[str] = []
    desk.view.message_offered.connect(lambda text, _undo: said.append(text))
    desk.click(QPoint(4, 4))
    assert said == [], "whoever only looks is left alone"
    charted(desk)
    before = desk.content
    desk.click(QPoint(4, 4))
    assert said[-1] == "A point lies inside a muscle. Click or drop it where the muscle is drawn."
    assert desk.content == before


def test_a_point_dropped_outside_its_muscle_goes_back_with_a_sentence(desk: Desk) -> None:
    said: list[str] = []
    charted(desk)
    where = desk.anchor(SPLENIUS)
    desk.view.map.select(SPLENIUS)
    desk.click(where)
    before = desk.content
    desk.view.message_offered.connect(lambda text, _undo: said.append(text))
    desk.drag(where, QPoint(4, 4))
    assert desk.content == before
    assert said == ["A point lies inside a muscle. Click or drop it where the muscle is drawn."]


def test_two_clicks_on_sign_make_one_visit(desk: Desk) -> None:
    charted(desk)
    desk.view.review()
    answer_everything(desk)
    page = desk.signing
    assert page is not None
    page.signature.secret.editor.setText(PASSPHRASE)
    QTest.mouseDClick(page.sign_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.sign_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(page.signature.secret.editor, Qt.Key.Key_Return)
    desk.settle()
    assert len(desk.signed) == 1
    assert len(desk.clinic.services.visits.of_patient(desk.clinic.physician, desk.patient)) == 1
    assert desk.clinic.services.charts.drafts(desk.clinic.physician) == ()
