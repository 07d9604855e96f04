"""What a visit starts from, saved patterns, and what was reported after last time, in the window."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from clinic_app.models import Diagnosis
from clinic_app.services.pattern_data import PatternRow, PatternSource, SavedLine
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import Severity, Side
from clinic_app.ui.muscle_map.start_page import StartCard, StartPage
from clinic_app.ui.widgets.buttons import LinkButton
from tests.ui.muscle_map.conftest import LEVATOR, SPLENIUS, Desk, line

NECK, EYES = "cervical_dystonia", "blepharospasm"
ONA, ABO = "onabotulinumtoxinA", "abobotulinumtoxinA"
PROCERUS = ("procerus", Side.MIDLINE)


def _save(desk: Desk, name: str, *lines: SavedLine, for_clinic: bool = False, **of: str) -> PatternRow:
    lines = lines or (SavedLine(*SPLENIUS, "30"),)
    source = PatternSource(of.get("indication", NECK), of.get("product", ONA), lines)
    return desk.clinic.services.patterns.save(desk.clinic.physician, name, source, for_clinic=for_clinic)


def _page(desk: Desk) -> StartPage:
    page = desk.view.starting.page
    assert page is not None
    return page


def _card(desk: Desk, title: str) -> StartCard:
    return next(card for card in _page(desk).cards if card.option.title == title)


def _titles(desk: Desk) -> list[str]:
    return [card.option.title for card in _page(desk).cards]


def _choose(desk: Desk) -> None:
    desk.view.start(desk.patient, choose=True)
    desk.settle()


def _treats_eyes_too(desk: Desk) -> None:
    """A further diagnosis, and a visit for it fifty days ago."""
    clinic = desk.clinic
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.add(Diagnosis(patient_id=desk.patient, indication=EYES))
    clinic.clock.forward(days=-50)
    content = clinic.content()
    day = clinic.clock.moment.date()
    vial = replace(
        content.vials[0], reconstituted_at=datetime(day.year, day.month, day.day, 9), wasted="95", waste_reason="rest"
    )
    lines = (line("a", PROCERUS, "5", vial="v1"),)
    content = replace(content, indication=EYES, icd10cm="G24.5", visited_on=day, vials=(vial,), lines=lines)
    clinic.signed(desk.patient, content)
    clinic.clock.forward(days=50)


# --- what a visit starts from


def test_a_new_visit_starts_from_the_last_pattern_without_asking(repeating: Desk) -> None:
    _save(repeating, "Usual")
    repeating.start(repeat=True)
    assert repeating.view.starting.page is None
    assert [(each.units, each.carried) for each in repeating.content.lines] == [("60", True), ("40", True)]


def test_without_a_last_pattern_the_person_chooses_from_saved_ones(desk: Desk) -> None:
    _save(desk, "The clinic's", for_clinic=True)
    _save(desk, "Mine", SavedLine(*SPLENIUS), SavedLine(*LEVATOR, "25"))
    desk.start(repeat=True)
    assert _titles(desk) == ["Mine", "The clinic's"]
    assert _page(desk).cards[0].title.hasFocus()
    QTest.keyClick(_page(desk).cards[0].title, Qt.Key.Key_Return)
    assert desk.view.starting.page is None
    assert [(each.units, each.carried) for each in desk.content.lines] == [("", True), ("25", True)]
    assert desk.content.product == ONA


def test_with_nothing_to_choose_from_a_visit_starts_with_an_empty_map(desk: Desk) -> None:
    desk.start(repeat=True)
    assert desk.view.starting.page is None
    assert desk.content.lines == ()


def test_an_empty_map_is_one_of_the_choices(repeating: Desk) -> None:
    _choose(repeating)
    QTest.mouseClick(_page(repeating).empty, Qt.MouseButton.LeftButton)
    assert repeating.view.starting.page is None
    assert repeating.content.lines == ()
    assert repeating.panel.isVisible()


def test_escape_leaves_the_choice(repeating: Desk) -> None:
    _choose(repeating)
    repeating.view.go_back()
    assert repeating.view.starting.page is None
    assert repeating.panel.isVisible()


def test_a_click_anywhere_on_a_pattern_starts_it_and_undo_takes_it_back(repeating: Desk) -> None:
    desk = repeating
    _choose(desk)
    card = _card(desk, "Cervical dystonia (spasmodic torticollis)")
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(20, card.height() - 6))
    assert [(each.units, each.carried) for each in desk.content.lines] == [("60", True), ("40", True)]
    text, undo = desk.messages[-1]
    assert text.startswith("Started from “Cervical dystonia (spasmodic torticollis)”.")
    assert callable(undo)
    undo()
    assert desk.content.lines == ()


def test_starting_again_replaces_the_lines_in_one_step(repeating: Desk) -> None:
    desk = repeating
    _save(desk, "Mine")
    desk.start(repeat=True)
    before = desk.content
    desk.panel.start_wanted.emit()
    assert "Replaces the 2 lines of this visit" in _page(desk)._told.text()
    _card(desk, "Mine").started.emit()
    assert [(each.muscle, each.units) for each in desk.content.lines] == [("splenius_capitis", "30")]
    assert desk.row(SPLENIUS).accessibleName() == "Right splenius capitis"
    assert desk.row(SPLENIUS).change_text() == "60 →"
    desk.view.undo()
    assert desk.content == before


def test_carried_lines_of_a_saved_pattern_are_confirmed_one_by_one_or_all(desk: Desk) -> None:
    _save(desk, "Mine", SavedLine(*SPLENIUS, "30"), SavedLine(*LEVATOR, "25"))
    _choose(desk)
    _card(desk, "Mine").started.emit()
    row = desk.row(SPLENIUS)
    row.focus_units()
    QTest.keyClick(row.units, Qt.Key.Key_Return)
    assert [each.carried for each in desk.content.lines] == [False, True]
    QTest.mouseClick(desk.panel.lines.confirm_all, Qt.MouseButton.LeftButton)
    assert not any(each.carried for each in desk.content.lines)


def test_several_indications_are_offered_alone_and_together(repeating: Desk) -> None:
    desk = repeating
    _treats_eyes_too(desk)
    _choose(desk)
    neck, eyes = "Cervical dystonia (spasmodic torticollis)", "Blepharospasm"
    assert _titles(desk) == [neck, eyes, f"{eyes} and cervical dystonia (spasmodic torticollis)"]
    _page(desk).cards[2].started.emit()
    assert [(each.muscle, each.indication) for each in desk.content.lines] == [
        ("procerus", EYES),
        ("splenius_capitis", ""),
        ("levator_scapulae", ""),
    ]
    assert desk.content.indication == NECK
    ghosts = {ghost.place: ghost.dropped for ghost in desk.view.map.scene.state.ghosts}
    assert ghosts == {PROCERUS: False, SPLENIUS: False, LEVATOR: False}


def test_another_indications_last_visit_is_neither_dropped_nor_compared(repeating: Desk) -> None:
    desk = repeating
    _treats_eyes_too(desk)
    desk.start(repeat=True)
    assert [each.muscle for each in desk.content.lines] == ["splenius_capitis", "levator_scapulae"]
    assert {ghost.place for ghost in desk.view.map.scene.state.ghosts} == {SPLENIUS, LEVATOR}
    desk.type_units(SPLENIUS, "50")
    assert desk.row(SPLENIUS).change_text() == "60 →"


def test_patterns_for_other_indications_wait_behind_a_link(desk: Desk) -> None:
    _save(desk, "Neck")
    _save(desk, "Eyes", SavedLine(*PROCERUS, "5"), indication=EYES)
    _choose(desk)
    assert _titles(desk) == ["Neck"]
    _page(desk)._show_others()
    assert _titles(desk) == ["Eyes", "Neck"]
    _card(desk, "Eyes").started.emit()
    assert (desk.content.indication, [each.indication for each in desk.content.lines]) == (EYES, [""])


def test_a_pattern_of_another_product_than_the_open_vial_brings_no_doses_and_says_so(desk: Desk) -> None:
    _save(desk, "Other product", SavedLine(*SPLENIUS, "300"), product=ABO)
    desk.start()
    desk.panel.vials.product.editor.setCurrentIndex(0)
    desk.panel.vials.product.editor.activated.emit(0)
    desk.settle()
    desk.choose_vial()
    desk.view.starting.show()
    _card(desk, "Other product").started.emit()
    assert [(each.muscle, each.units) for each in desk.content.lines] == [("splenius_capitis", "")]
    assert desk.content.product == ONA
    assert desk.panel.notice.text().startswith("Doses cleared: units of Dysport are not units of Botox.")


# --- another product, by whatever way


def test_the_sentence_about_cleared_doses_goes_when_undo_brings_them_back(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    before = desk.content
    products = desk.panel.vials.product
    number = products._values.index(ABO)
    products.editor.setCurrentIndex(number)
    products.editor.activated.emit(number)
    assert [each.units for each in desk.content.lines] == ["", ""]
    assert desk.panel.notice.isVisible()
    desk.view.undo()
    assert desk.content == before
    assert not desk.panel.notice.isVisible()


# --- saving


def test_a_chart_is_saved_as_a_pattern_under_a_name(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    desk.panel.name_pattern()
    form = desk.panel.pattern_form
    assert form is not None
    assert form.name.editor.hasFocus()
    QTest.keyClicks(form.name.editor, "Usual turn")
    QTest.keyClick(form.name.editor, Qt.Key.Key_Return)
    desk.settle()
    assert desk.panel.pattern_form is None
    patterns = desk.clinic.services.patterns
    (row,) = patterns.of(desk.clinic.physician)
    assert (row.name, row.own, row.source.indication, row.source.product) == ("Usual turn", True, NECK, ONA)
    assert [(each.muscle, each.units) for each in row.source.lines] == [
        ("splenius_capitis", "60"),
        ("levator_scapulae", "40"),
    ]
    text, undo = desk.messages[-1]
    assert text == "Pattern “Usual turn” saved as your own."
    assert callable(undo)
    undo()
    desk.settle()
    assert patterns.of(desk.clinic.physician) == ()


def test_a_taken_name_is_told_under_the_field_and_nothing_typed_is_lost(repeating: Desk) -> None:
    desk = repeating
    _save(desk, "Usual turn")
    desk.start(repeat=True)
    desk.panel.name_pattern()
    form = desk.panel.pattern_form
    assert form is not None
    form.save.click()
    assert form.name.error() == "Type a name for the pattern."
    QTest.keyClicks(form.name.editor, "usual turn")
    form.save.click()
    desk.settle()
    assert "is the name of another pattern" in form.name.error()
    assert form.name.value() == "usual turn"
    form.for_clinic.editor.setChecked(True)
    form.save.click()
    desk.settle()
    assert [(row.name, row.own) for row in desk.clinic.services.patterns.of(desk.clinic.physician)] == [
        ("Usual turn", True),
        ("usual turn", False),
    ]


def test_an_empty_chart_says_what_is_missing_for_a_pattern(desk: Desk) -> None:
    desk.start()
    desk.panel.name_pattern()
    assert desk.panel.pattern_form is None
    assert desk.panel.notice.text() == "Chart at least one muscle before you save a pattern."
    desk.view.map_desk.ask_units(*SPLENIUS)
    desk.panel.name_pattern()
    assert desk.panel.notice.text().startswith("Choose the product before you save a pattern")


def test_a_pattern_is_renamed_and_removed_where_it_is_chosen(desk: Desk) -> None:
    _save(desk, "Usual")
    _choose(desk)
    page = _page(desk)
    page.name_pattern(page.cards[0])
    form = page._form
    assert form is not None
    form.name.set_value("Turn to the right & tilt")
    form.save.click()
    desk.settle()
    assert _titles(desk) == ["Turn to the right & tilt"]
    assert page.cards[0].title.text() == "Turn to the right && tilt"
    row = page.cards[0].option.saved
    assert row is not None
    desk.view.starting.patterns.remove(row)
    desk.settle()
    assert _titles(desk) == []
    undo = desk.messages[-1][1]
    assert callable(undo)
    undo()
    desk.settle()
    assert _titles(desk) == ["Turn to the right & tilt"]


def test_the_last_pattern_can_be_saved_from_where_it_is_chosen(repeating: Desk) -> None:
    desk = repeating
    _choose(desk)
    page = _page(desk)
    page.name_pattern(page.cards[0])
    form = page._form
    assert form is not None
    form.name.set_value("As last time")
    form.save.click()
    desk.settle()
    assert _titles(desk)[1:] == ["As last time"]
    (row,) = desk.clinic.services.patterns.of(desk.clinic.physician)
    assert [each.units for each in row.source.lines] == ["60", "40"]


# --- several indications in one visit


def test_a_line_can_be_for_another_indication_only_where_there_is_one(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    row = desk.row(SPLENIUS)
    row.focus_units()
    assert not row.details.indication.isVisible()
    _treats_eyes_too(desk)
    desk.settle()
    row = desk.row(SPLENIUS)
    assert row.details.indication.isVisible()
    assert row.details.indication.editor.currentText() == "Cervical dystonia (spasmodic torticollis)"
    row.details.indication.editor.setCurrentIndex(1)
    row.details.indication.editor.activated.emit(1)
    assert [each.indication for each in desk.content.lines] == [EYES, ""]
    assert "for blepharospasm" in row._meta.accessibleName()
    kept = desk.kept().content
    assert kept.lines[0].indication == EYES
    desk.view.undo()
    assert [each.indication for each in desk.content.lines] == ["", ""]


# --- what was reported after last time


def _report(desk: Desk) -> None:
    services, physician = desk.clinic.services, desk.clinic.physician
    pattern = services.charts.last_pattern(physician, desk.patient)
    assert pattern is not None
    services.visits.record_response(physician, pattern.visit_id, ResponseData(best_percent=70, wore_off_week=10))
    services.side_effects.record(
        physician,
        SideEffectForm(
            pattern.visit_id,
            "dysphagia",
            severity=Severity.MODERATE,
            red_flag=False,
            started_on=pattern.visited_on + timedelta(8),
            ended_on=pattern.visited_on + timedelta(20),
            muscles=(SPLENIUS,),
        ),
    )


def test_what_was_reported_after_last_time_stands_above_the_chart(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    strip = desk.panel.after_last
    assert strip.isVisible()
    assert strip.text() == "Last visit 2 Dec 2025: response not noted, side effects not asked yet."
    assert desk.row(SPLENIUS).suspect.text() == ""
    wanted: list[int] = []
    desk.view.patient_requested.connect(wanted.append)
    (ask,) = strip.findChildren(LinkButton)
    ask.click()
    assert wanted == [desk.patient], "what was not asked is one step away"
    _report(desk)
    desk.settle()
    assert strip.text() == (
        "Last visit 2 Dec 2025: benefit 70\u202f%, wore off week 10, "
        "trouble swallowing, day 8 to 20: right splenius capitis 60\u202fU onabotulinumtoxinA (moderate)."
    )
    assert desk.row(SPLENIUS).suspect.text() == "Trouble swallowing, day 8 to 20"
    assert desk.row(LEVATOR).suspect.text() == ""
    assert not any(link.isVisible() for link in strip.findChildren(LinkButton))


def test_a_first_visit_has_no_last_one_to_tell_of(desk: Desk) -> None:
    desk.start()
    assert not desk.panel.after_last.isVisible()


@pytest.mark.parametrize("severity", [Severity.MILD, Severity.SEVERE])
def test_the_mark_of_a_suspected_muscle_names_the_severity(repeating: Desk, severity: Severity) -> None:
    desk = repeating
    services, physician = desk.clinic.services, desk.clinic.physician
    pattern = services.charts.last_pattern(physician, desk.patient)
    assert pattern is not None
    day: date = pattern.visited_on
    services.side_effects.record(
        physician,
        SideEffectForm(pattern.visit_id, "neck_pain", severity=severity, started_on=day, muscles=(SPLENIUS,)),
    )
    desk.start(repeat=True)
    mark = desk.row(SPLENIUS).suspect
    assert mark.text() == "Neck pain, day 0, going on"
    assert mark._pill is not None
    assert mark._pill.text().lower() == severity.value


def test_a_repeat_takes_the_next_lot_and_the_last_dilution_with_two_clicks(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    (card,) = desk.panel.vials.cards.values()
    assert "C1234" in card.take_first.text()
    assert not card.as_last.isVisible(), "a size is not known yet"
    QTest.mouseClick(card.take_first, Qt.MouseButton.LeftButton)
    assert (desk.content.vials[0].lot_number, desk.content.vials[0].diluent_ml) == ("C1234", "")
    assert not card.take_first.isVisible()
    assert card.as_last.hasFocus()
    assert "2" in card.as_last.text()
    QTest.keyClick(card.as_last, Qt.Key.Key_Space)
    vial = desk.content.vials[0]
    assert (vial.diluent_ml, vial.reconstituted_at) == ("2", desk.chart.now().replace(second=0, microsecond=0))


def test_a_vial_of_another_size_is_not_mixed_as_last_time(repeating: Desk) -> None:
    desk = repeating
    desk.clinic.lot(size=200, number="A0001")
    desk.start(repeat=True)
    (card,) = desk.panel.vials.cards.values()
    card.lot.set_value(next(lot.lot_id for lot in card._lots if lot.size_units == 200))
    card.lot.editor.activated.emit(card.lot.editor.currentIndex())
    assert desk.content.vials[0].size_units == 200
    assert not card.as_last.isVisible()


def test_the_map_opens_where_the_muscles_of_the_pattern_are_seen_best(repeating: Desk) -> None:
    repeating.start(repeat=True)
    assert repeating.view.map.plate_id == "head_neck_lateral_right"


def test_keys_confirm_all_and_lead_to_the_signature(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    QTest.keyClick(
        desk.view.map.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert not any(line.carried for line in desk.content.lines)
    QTest.keyClick(desk.view.map.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.is_signing()


def test_the_map_shows_the_pattern_before_the_panel_is_made_and_the_panel_comes_whole(repeating: Desk) -> None:
    view = repeating.view
    there: list[tuple[object, int]] = []
    view.map.view.state_shown.connect(lambda: there.append((view.panel, len(view.map.scene.state.doses))))
    repeating.start(repeat=True)
    assert there[0] == (None, 2)
    assert repeating.panel.isVisible()
    assert [row.units.text() for row in repeating.panel.lines.rows.values()] == ["60", "40"]


def test_a_chart_put_aside_before_its_panel_was_made_leaves_none_behind(repeating: Desk) -> None:
    shown = repeating.view.map.view.state_shown
    shown.connect(repeating.view.close_chart, Qt.ConnectionType.SingleShotConnection)
    repeating.start(repeat=True)
    assert (repeating.view.chart, repeating.view.panel) == (None, None)
    assert repeating.view.browse.isVisible()
    assert not repeating.view.map.scene.state.charted
    repeating.start(repeat=True)
    assert repeating.panel.isVisible()
