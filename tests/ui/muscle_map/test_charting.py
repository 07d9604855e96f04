"""The visit beside the map: doses, vials, checks, drafts, signing."""

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinic_app.terms import Side
from tests.clinics import PASSPHRASE
from tests.ui.muscle_map.conftest import LEVATOR, SPLENIUS, Desk, answer_everything, charted


def test_totals_volume_and_rest_follow_every_key(desk: Desk) -> None:
    charted(desk)
    assert desk.panel.totals.units_text() == "100\u202fU Botox"
    assert desk.panel.totals.rest_text() == "2\u202fmL · 0\u202fU left"
    desk.type_units(LEVATOR, "25")
    assert desk.panel.totals.units_text() == "85\u202fU Botox"
    assert desk.panel.totals.rest_text() == "1.7\u202fmL · 15\u202fU left"


def test_the_map_shows_the_dose_with_every_key(desk: Desk) -> None:
    charted(desk)
    state = dict(desk.view.map.scene.state.doses)
    assert state[SPLENIUS].units == 60
    assert state[SPLENIUS].colour != state[LEVATOR].colour


def test_the_muscles_are_sorted_as_one_step_and_keys_follow_the_new_order(desk: Desk) -> None:
    charted(desk)
    desk.panel.lines._orders.actions()[0].trigger()  # by muscle
    assert [line.muscle for line in desk.content.lines] == ["levator_scapulae", "splenius_capitis"]
    levator, splenius = desk.row(LEVATOR), desk.row(SPLENIUS)
    QApplication.processEvents()
    assert levator.y() < splenius.y()
    levator.focus_units()
    QTest.keyClick(levator.units, Qt.Key.Key_Down)
    assert splenius.units.hasFocus()
    splenius.units.setFocus()
    levator.units.setFocus()
    while QApplication.focusWidget() is not splenius.units:
        before = QApplication.focusWidget()
        assert before is not None
        assert levator.isAncestorOf(before), "Tab goes from the first row to the second"
        QTest.keyClick(before, Qt.Key.Key_Tab)
    desk.panel.lines._orders.actions()[2].trigger()  # largest dose first
    assert [line.muscle for line in desk.content.lines] == ["splenius_capitis", "levator_scapulae"]
    desk.chart.model.undo()
    assert [line.muscle for line in desk.content.lines] == ["levator_scapulae", "splenius_capitis"]


def test_a_repeated_pattern_is_carried_until_confirmed(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    assert [(each.units, each.carried) for each in desk.content.lines] == [("60", True), ("40", True)]
    first = desk.row(SPLENIUS)
    first.focus_units()
    QTest.keyClick(first.units, Qt.Key.Key_Return)
    assert [each.carried for each in desk.content.lines] == [False, True]
    assert desk.row(LEVATOR).units.hasFocus()
    QTest.mouseClick(desk.panel.lines.confirm_all, Qt.MouseButton.LeftButton)
    assert not any(each.carried for each in desk.content.lines)
    assert not desk.panel.lines.confirm_all.isVisible()


def test_a_changed_dose_stands_beside_the_one_before(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    desk.type_units(SPLENIUS, "50")
    assert desk.row(SPLENIUS).change_text() == "60 →"
    assert not desk.content.lines[0].carried
    desk.type_units(SPLENIUS, "60")
    assert desk.row(SPLENIUS).change_text() == "same"


def test_another_product_clears_the_doses_and_says_so(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    products = desk.panel.vials.product
    number = products._values.index("abobotulinumtoxinA")
    products.editor.setCurrentIndex(number)
    products.editor.activated.emit(number)
    assert [each.units for each in desk.content.lines] == ["", ""]
    assert [each.muscle for each in desk.content.lines] == ["splenius_capitis", "levator_scapulae"]
    assert desk.panel.notice.text().startswith("Doses cleared: units of Botox are not units of Dysport.")
    desk.view.undo()
    assert [each.units for each in desk.content.lines] == ["60", "40"]


def test_undo_and_redo_reach_fields_and_map_alike(desk: Desk) -> None:
    charted(desk)
    desk.type_units(LEVATOR, "30")
    field = desk.row(LEVATOR).units
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "40"
    assert dict(desk.view.map.scene.state.doses)[LEVATOR].units == 40
    QTest.keyClick(field, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "30"


def test_a_removed_line_comes_back(desk: Desk) -> None:
    charted(desk)
    desk.view.map_desk.remove_line(desk.row(LEVATOR).key)
    assert len(desk.content.lines) == 1
    text, undo = desk.messages[-1]
    assert text == "Right levator scapulae removed."
    assert callable(undo)
    undo()
    assert desk.row(LEVATOR).units.text() == "40"


def test_what_is_not_a_quantity_gets_a_sentence_at_its_field_and_stays(desk: Desk) -> None:
    charted(desk)
    row = desk.row(LEVATOR)
    for typed, sentence in (
        ("-3", "less than zero"),
        ("4o", "is not a quantity"),
        ("NaN", "is not a quantity"),
        ("1,250", "is not a quantity"),
        ("1000000", "more than any vial holds"),
    ):
        desk.type_units(LEVATOR, typed)
        assert row.error.text() == "", "nothing is said while somebody types"
        desk.row(SPLENIUS).focus_units()
        assert sentence in row.error.text()
        assert row.units.text() == typed
        assert desk.kept().content.lines[1].units == typed
    assert desk.panel.totals.units_text() == "60\u202fU Botox"
    desk.type_units(LEVATOR, "40,5")
    desk.row(SPLENIUS).focus_units()
    assert row.error.text() == ""
    assert desk.panel.totals.units_text() == "100.5\u202fU Botox"


def test_more_than_the_vial_holds_is_told_at_once(desk: Desk) -> None:
    charted(desk)
    desk.type_units(LEVATOR, "70")
    said = [row.sentence() for row in desk.panel.findings.rows.values()]
    assert any("holds 100" in sentence and "30" in sentence for sentence in said)
    assert desk.panel.totals.rest_text() == "2.6\u202fmL · 30\u202fU more than the vials hold"


def test_a_warning_is_acknowledged_and_taken_back_in_place(desk: Desk) -> None:
    charted(desk)
    desk.type_units(LEVATOR, "30")
    row = next(row for row in desk.panel.findings.rows.values() if row.said.level.value == "warn")
    QTest.mouseClick(row.acknowledge, Qt.MouseButton.LeftButton)
    answer = desk.chart.answer_to(row.said)
    assert answer is not None
    assert (answer.reason, answer.by) == ("", "Dr. Mara Ellison")
    assert row.answer_text() == "Acknowledged by Dr. Mara Ellison"
    assert row.take_back.isVisible()
    QTest.mouseClick(row.take_back, Qt.MouseButton.LeftButton)
    assert desk.chart.answer_to(row.said) is None


def test_pointing_at_a_finding_shows_its_muscle(desk: Desk) -> None:
    charted(desk)
    desk.view.map.select(None)
    desk.panel._show_subject("splenius_capitis/right")
    assert desk.view.map.selected == SPLENIUS
    assert desk.row(SPLENIUS).units.hasFocus()


def test_the_draft_is_kept_and_opens_as_it_was(desk: Desk) -> None:
    charted(desk)
    desk.view.save_now()
    assert desk.view.has_unsaved()
    desk.settle()
    assert not desk.view.has_unsaved()
    content, draft = desk.content, desk.chart.draft.id
    desk.view.close_chart()
    desk.settle()
    assert desk.view.chart is None
    assert desk.banners[-1] is None
    desk.view.open_draft(draft)
    desk.settle()
    assert desk.content == content
    assert desk.row(SPLENIUS).units.text() == "60"


def test_what_was_typed_last_is_kept_when_the_chart_is_put_aside(desk: Desk) -> None:
    charted(desk)
    draft = desk.chart.draft.id
    desk.type_units(LEVATOR, "33")
    desk.view.close_chart()
    desk.settle()
    kept = desk.clinic.services.charts.open(desk.clinic.physician, draft)
    assert kept.content.lines[1].units == "33"


def test_a_save_under_way_is_followed_by_the_newest_content(desk: Desk) -> None:
    charted(desk)
    desk.view.save_now()
    for typed in ("1", "12", "12.5"):
        desk.type_units(LEVATOR, typed)
        desk.view.save_now()
    assert desk.kept().content.lines[1].units == "12.5"
    assert not desk.view.has_unsaved()


def test_a_chart_discarded_by_somebody_else_is_offered_again(desk: Desk) -> None:
    charted(desk)
    kept = desk.kept()
    desk.clinic.services.charts.discard(desk.clinic.nurse, kept.id, kept.version)
    desk.type_units(LEVATOR, "35")
    desk.view.save_now()
    desk.settle()
    assert desk.view.chart is None
    undo = desk.messages[-1][1]
    assert callable(undo)
    undo()
    desk.settle()
    assert desk.content.lines[1].units == "35"


def test_a_discarded_draft_comes_back(desk: Desk) -> None:
    charted(desk)
    content = desk.content
    desk.panel.discard_wanted.emit()
    desk.settle()
    assert desk.view.chart is None
    assert desk.clinic.services.charts.drafts(desk.clinic.physician) == ()
    text, undo = desk.messages[-1]
    assert text == "Draft discarded."
    assert callable(undo)
    undo()
    desk.settle()
    assert desk.content == content


def test_the_rest_of_the_vial_is_wasted_with_one_click_and_a_reason(desk: Desk) -> None:
    charted(desk)
    desk.type_units(LEVATOR, "25")
    card = next(iter(desk.panel.vials.cards.values()))
    QTest.mouseClick(card.waste_rest, Qt.MouseButton.LeftButton)
    (vial,) = desk.content.vials
    assert (vial.wasted, vial.waste_reason) == ("15", "Left over after the visit")
    assert desk.panel.totals.rest_text() == "1.7\u202fmL · 0\u202fU left · 15\u202fU wasted"


def test_a_lot_can_be_typed_with_its_expiry_and_size(desk: Desk) -> None:
    desk.start()
    desk.panel.vials.product.editor.setCurrentIndex(0)
    desk.panel.vials.product.editor.activated.emit(0)
    desk.settle()
    card = next(iter(desk.panel.vials.cards.values()))
    last = card.lot.editor.count() - 1
    card.lot.editor.setCurrentIndex(last)
    card.lot.editor.activated.emit(last)
    QTest.keyClicks(card.number.editor, "X99")
    QTest.keyClicks(card.expiry.editor, "31/05/2027")
    QTest.keyClicks(card.contents.editor, "200")
    (vial,) = desk.content.vials
    assert (vial.lot_id, vial.lot_number, vial.size_units) == (None, "X99", Decimal(200))
    assert vial.expires_on is not None
    assert vial.expires_on.isoformat() == "2027-05-31"


def test_the_usual_dilutions_are_the_references_own_facts(desk: Desk) -> None:
    charted(desk)
    card = next(iter(desk.panel.vials.cards.values()))
    card._fill_menu()
    texts = [action.text() for action in card._menu.actions()]
    assert "100\u202fU in 2\u202fmL = 5\u202fU per 0.1\u202fmL" in texts
    assert not any(text.startswith("200") for text in texts), "only what fits the vial that was chosen"


def test_a_visit_is_signed_once_everything_is_answered(desk: Desk) -> None:
    charted(desk)
    QTest.mouseClick(desk.panel.sign_button, Qt.MouseButton.LeftButton)
    page = desk.signing
    assert page is not None
    assert not page.sign_button.isEnabled()
    answer_everything(desk)
    assert page.sign_button.isEnabled()
    assert page.signature.secret.editor.hasFocus(), "nothing else waits"
    QTest.keyClicks(page.signature.secret.editor, PASSPHRASE)
    QTest.mouseClick(page.sign_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.sign_button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert len(desk.signed) == 1
    visit = desk.clinic.services.visits.details(desk.clinic.physician, desk.signed[0])
    assert [(each.muscle, each.units) for each in visit.injections] == [
        ("splenius_capitis", Decimal(60)),
        ("levator_scapulae", Decimal(40)),
    ]
    assert desk.view.chart is None
    assert desk.clinic.services.charts.drafts(desk.clinic.physician) == ()


def test_carried_lines_and_wrong_figures_keep_the_signature_away(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    desk.settle()
    desk.choose_vial()
    desk.type_units(LEVATOR, "forty")
    desk.view.review()
    page = desk.signing
    assert page is not None
    assert "Right levator scapulae: “forty” is not a quantity" in page.todo.text()
    assert not page.sign_button.isEnabled()
    desk.view.go_back()
    assert not desk.is_signing()
    desk.type_units(LEVATOR, "40")
    desk.view.review()
    page = desk.signing
    assert page is not None
    assert page.todo.text() == ""
    answer_everything(desk)
    assert not page.sign_button.isEnabled(), "one line is still carried"
    QTest.mouseClick(page.confirm_all, Qt.MouseButton.LeftButton)
    assert page.sign_button.isEnabled()


def test_the_dose_of_last_time_stands_on_the_map_as_a_ghost(repeating: Desk) -> None:
    desk = repeating
    desk.start()
    ghosts = {ghost.place: ghost.text for ghost in desk.view.map.scene.state.ghosts}
    assert ghosts == {SPLENIUS: "60", LEVATOR: "40"}
    desk.view.map_desk.ask_units(*SPLENIUS)
    dropped = {ghost.place for ghost in desk.view.map.scene.state.ghosts if ghost.dropped}
    assert dropped == {LEVATOR}


def test_consent_plan_scores_and_interval_are_part_of_the_draft(desk: Desk) -> None:
    charted(desk)
    closing = desk.panel.closing
    closing.set_open(True)
    QTest.mouseClick(closing.consent.editor, Qt.MouseButton.LeftButton, pos=closing.consent.editor.rect().center())
    closing.consent.editor.setChecked(True)
    closing.consent._edited()
    QTest.keyClicks(closing.plan.editor, "Repeat")
    QTest.keyClicks(closing._scores["tsui", ""].editor, "12")
    QTest.keyClicks(closing.interval.editor, "12")
    content = desk.kept().content
    assert (content.consent, content.plan, content.interval_weeks) == (True, "Repeat", 12)
    assert [(score.scale, score.value) for score in content.scores] == [("tsui", "12")]


def test_guidance_is_chosen_by_its_chips(desk: Desk) -> None:
    charted(desk)
    row = desk.row(LEVATOR)
    row.focus_units()
    for chip in list(row.details.ways.values())[:2]:
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert desk.content.lines[1].guidance == ("EMG", "ultrasound")


def test_a_change_of_the_record_is_checked_in_the_open_chart(repeating: Desk) -> None:
    desk = repeating
    desk.start()
    assert desk.chart.context.previous[0][:2] == ("splenius_capitis", Side.RIGHT)
    before = desk.chart.context
    patient = desk.clinic.services.patients.details(desk.clinic.physician, desk.patient)
    desk.clinic.services.patients.save(
        desk.clinic.physician, desk.patient, patient.version, replace(patient.form, pregnant=True)
    )
    desk.settle()
    assert desk.chart.context != before
    assert desk.chart.context.facts.pregnant


def test_a_finding_tells_its_source_on_demand(desk: Desk) -> None:
    charted(desk)
    desk.type_units(SPLENIUS, "600")
    row = next(row for (check, _), row in desk.panel.findings.rows.items() if check == "dose.visit_cap")
    assert row.source_text() == ""
    QTest.mouseClick(row.source, Qt.MouseButton.LeftButton)
    assert "http" in row.source_text()
    QTest.mouseClick(row.source, Qt.MouseButton.LeftButton)
    assert row.source_text() == ""
