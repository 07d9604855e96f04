"""The inbox in the window: what waits, opened from where it says and gone when it is done."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt

from clinic_app.services.chart_data import ChartContent
from clinic_app.services.charts import Charts
from clinic_app.services.inbox_data import InboxKind
from clinic_app.services.visit_data import ResponseData
from clinic_app.ui.clinic_window import INBOX, MUSCLE_MAP, PATIENTS, RECALL, STOCK, ClinicWindow
from clinic_app.ui.patients.response_panel import ResponsePanel
from tests.ui.clinic import Clinic
from tests.ui.desk import settle
from tests.ui.inbox.conftest import Open, flag, inbox, kinds
from tests.ui.keyboard import CTRL, press

K = InboxKind
JULY = date(2026, 7, 21)


def choose(window: ClinicWindow, kind: InboxKind) -> None:
    table = inbox(window).list.table
    row = next(row for row in table.rows_model.rows() if row.kind is kind)
    assert table.select(row)


def enter(window: ClinicWindow, kind: InboxKind) -> None:
    choose(window, kind)
    press(inbox(window).list.table, Qt.Key.Key_Return)
    settle(window.workplace.tasks)


def begun_yesterday(clinic: Clinic, patient_id: int) -> int:
    """A chart that was begun and never signed."""
    clinic.clock.forward(days=-1)
    draft = clinic.services.charts.start(clinic.actor, patient_id)
    clinic.clock.forward(days=1)
    return draft.id


def half_used(clinic: Clinic) -> int:
    """The lot of a vial opened today whose rest nobody accounted for."""
    lot_id = clinic.receive()
    clinic.sign(clinic.patient(), "C1234", wasted="")
    return lot_id


def test_the_inbox_stands_below_the_patients_and_is_made_when_first_shown(clinic: Clinic, open_window: Open) -> None:
    window = open_window(clinic)
    assert window.window.views[:3] == (PATIENTS, INBOX, MUSCLE_MAP)
    shortcuts = {each.text(): each.shortcut().toString() for each in window.window.commands()}
    assert (shortcuts["Inbox"], shortcuts["Muscle map"]) == ("Ctrl+I", "Ctrl+2")
    assert window.window.focusWidget() is inbox(window).list.table


def test_an_empty_inbox_says_what_would_come(clinic: Clinic, open_window: Open) -> None:
    window = open_window(clinic)
    assert inbox(window).list.table.empty.isVisible()
    assert inbox(window).list.table.empty.sentence().startswith("Nothing waits. Red flags,")
    assert "13 weeks" in inbox(window).list.table.empty.sentence()
    assert window.window.rail.button(INBOX).accessibleName() == "Inbox"


def test_a_red_flag_is_resolved_with_a_note_and_gone(clinic: Clinic, open_window: Open) -> None:
    window = open_window(clinic)
    patient_id = clinic.patient()
    flag(clinic, clinic.visit(patient_id, JULY))
    settle(window.workplace.tasks)
    assert kinds(window) == ["red_flag"]
    assert window.window.rail.button(INBOX).accessibleName() == "Inbox, 1 line waits for you"
    choose(window, K.RED_FLAG)
    panel = inbox(window).panel
    advice = clinic.services.reference.side_effect("dysphagia").advice
    assert panel.advice.text() == f"Say now: {advice}"
    assert ("Noted by", "Dr Ruth Abara") in panel.facts.facts()
    panel.act_button.click()
    assert panel.note.error() == "Write what was done before closing the red flag."
    assert "typed" not in inbox(window).unsaved()
    inbox(window).new_item()
    panel.note.editor.setPlainText("Seen, swallows liquids.")
    assert inbox(window).unsaved().startswith("A note is typed in the inbox")
    press(panel.note.editor, Qt.Key.Key_Return, CTRL)
    settle(window.workplace.tasks)
    assert kinds(window) == []
    assert inbox(window).unsaved() == ""
    (effect,) = clinic.services.side_effects.of_patient(clinic.actor, patient_id)
    assert effect.resolved_note == "Seen, swallows liquids."
    assert window.window.messages.text() == "Red flag resolved for Ada Okafor."
    assert window.window.rail.button(INBOX).accessibleName() == "Inbox"


def test_a_red_flag_opens_the_patients_side_effects_with_it_chosen(clinic: Clinic, open_window: Open) -> None:
    patient_id = clinic.patient()
    visit_id = clinic.visit(patient_id, JULY)
    effect_id, newer = flag(clinic, visit_id, date(2026, 7, 25)), flag(clinic, visit_id)
    window = open_window(clinic)
    table = inbox(window).list.table
    assert {row.record_id for row in table.rows_model.rows()} == {effect_id, newer}
    row = next(row for row in table.rows_model.rows() if row.record_id == effect_id)
    table.select(row)
    inbox(window).panel.open_button.click()
    settle(window.workplace.tasks)
    assert (window.window.current_view(), window.patients.patient_id()) == (PATIENTS, patient_id)
    assert window.patients.page.current_tab() == "effects"
    chosen = window.patients.page.effects.effects.table.selected()
    assert chosen is not None
    assert chosen.id == effect_id


def test_an_unsigned_visit_opens_on_the_map_and_the_reminder_counts_it(clinic: Clinic, open_window: Open) -> None:
    draft_id = begun_yesterday(clinic, clinic.patient())
    window = open_window(clinic)
    assert kinds(window) == ["unsigned"]
    assert window.window.reminder.text() == "1 unsigned visit"
    assert window.window.rail.button(MUSCLE_MAP).accessibleName() == "Muscle map, 1 unsigned visit"
    enter(window, K.UNSIGNED)
    assert window.window.current_view() == MUSCLE_MAP
    charts: Charts = clinic.services.charts
    draft = charts.open(clinic.actor, draft_id)
    content: ChartContent = draft.content
    assert content.visited_on == date(2026, 8, 3)
    window.muscle_map.close_chart()
    settle(window.workplace.tasks)
    charts.discard(clinic.actor, draft_id, charts.open(clinic.actor, draft_id).version)
    settle(window.workplace.tasks)
    assert kinds(window) == []
    assert window.window.reminder.isHidden()


def test_a_missing_outcome_opens_the_form_of_the_response(clinic: Clinic, open_window: Open) -> None:
    patient_id = clinic.patient()
    first = clinic.visit(patient_id, date(2026, 4, 21))
    clinic.visit(patient_id, JULY)
    window = open_window(clinic)
    assert kinds(window) == ["outcome"]
    enter(window, K.OUTCOME)
    panel = window.patients.page.effects.panel()
    assert isinstance(panel, ResponsePanel)
    assert panel.visit_id == first
    clinic.services.visits.record_response(clinic.actor, first, ResponseData(best_percent=70))
    window.window.show_view(INBOX)
    settle(window.workplace.tasks)
    choose(window, K.OUTCOME)
    side = inbox(window).panel
    assert side.act_button.text() == "Open side effects"
    side.none_button.click()
    settle(window.workplace.tasks)
    assert kinds(window) == []


def test_a_vial_opens_at_its_lot_and_is_done_with_a_reason(
    open_clinic: Callable[[str], Clinic], open_window: Open
) -> None:
    lot_id = half_used(open_clinic("ruth"))
    clinic = open_clinic("noor")
    clinic.clock.forward(days=1)
    window = open_window(clinic)
    assert kinds(window) == ["vial"]
    enter(window, K.VIAL)
    assert window.window.current_view() == STOCK
    assert window.stock is not None
    details = window.stock.lot_page.details()
    assert details is not None
    assert details.lot.lot_id == lot_id
    window.window.show_view(INBOX)
    settle(window.workplace.tasks)
    panel = inbox(window).panel
    panel.note.editor.setPlainText("thrown away with the vial")
    panel.witness.set_value(clinic.injector("Dr Mei Chen"))
    panel.act()
    settle(window.workplace.tasks)
    assert kinds(window) == []
    assert (clinic.ledger("C1234")[-1].reason, clinic.ledger("C1234")[-1].witness) == (
        "thrown away with the vial", "Dr Mei Chen",
    )  # fmt: skip


def test_recalls_and_what_to_rebook_open_their_lists(open_clinic: Callable[[str], Clinic], open_window: Open) -> None:
    clinic = open_clinic("ruth")
    clinic.visit(clinic.patient(), date(2026, 4, 28))
    clinic.book(clinic.patient("Ben", "Weiss"), datetime(2026, 8, 10, 10))
    clinic.services.working_times.close(clinic.actor, date(2026, 8, 10), date(2026, 8, 10), "Burst pipe")
    window = open_window(open_clinic("rosa"))
    assert kinds(window) == ["rebook", "recall"]
    enter(window, K.RECALL)
    assert window.window.current_view() == RECALL
    assert window.recall is not None
    assert window.recall.pages.currentWidget() is window.recall.recall
    enter(window, K.REBOOK)
    assert window.recall.pages.currentWidget() is window.recall.rebook


def test_a_physician_sees_what_is_ones_own_first(open_clinic: Callable[[str], Clinic], open_window: Open) -> None:
    ruth, mei = open_clinic("ruth"), open_clinic("mei")
    flag(mei, mei.visit(mei.patient("Cato", "Byrne"), JULY))
    own = begun_yesterday(mei, mei.patient("Ben", "Weiss"))
    theirs = begun_yesterday(ruth, ruth.patient())
    flag(ruth, ruth.visit(ruth.patient("Dora", "Lind"), JULY))
    window = open_window(mei)
    rows = inbox(window).list.table.rows_model.rows()
    # A colleague's red flag is never hidden.
    assert [(row.kind, row.mine) for row in rows] == [(K.RED_FLAG, True), (K.RED_FLAG, False), (K.UNSIGNED, True)]
    assert inbox(window).summary.text() == "2 wait for you, 2 for others"
    assert window.window.reminder.text() == "1 unsigned visit"
    inbox(window).others_box.editor.click()
    rows = inbox(window).list.table.rows_model.rows()
    assert [row.record_id for row in rows if row.kind is K.UNSIGNED] == [own, theirs]
    assert [row.mine for row in rows] == [True, False, True, False]


def test_a_nurse_sees_a_red_flag_but_does_not_resolve_it(
    open_clinic: Callable[[str], Clinic], open_window: Open
) -> None:
    ruth = open_clinic("ruth")
    flag(ruth, ruth.visit(ruth.patient(), JULY))
    window = open_window(open_clinic("noor"))
    assert kinds(window) == ["red_flag"]
    panel = inbox(window).panel
    assert panel.note.isHidden()
    assert panel.act_button.text() == "Open side effect"
    assert panel.advice.text().startswith("Say now:")
    assert inbox(window).others_box.isHidden()
    assert window.window.rail.button(INBOX).accessibleName() == "Inbox"


def test_what_is_typed_stays_with_its_line(clinic: Clinic, open_window: Open) -> None:
    visit_id = clinic.visit(clinic.patient(), JULY)
    flag(clinic, visit_id)
    flag(clinic, visit_id)
    window = open_window(clinic)
    table, panel = inbox(window).list.table, inbox(window).panel
    first, second = table.rows_model.rows()
    table.select(first)
    panel.note.editor.setPlainText("called back")
    table.select(second)
    assert panel.note.value() == ""
    table.select(first)
    assert panel.note.value() == "called back"
    assert first.flag is not None
    clinic.services.side_effects.resolve(clinic.actor, first.record_id, first.flag.version, "by a colleague")
    settle(window.workplace.tasks)
    assert window.window.messages.text().endswith("You had typed: called back")
    assert inbox(window).unsaved() == ""


def test_what_another_workstation_wrote_is_there_within_a_minute(
    open_clinic: Callable[[str], Clinic], open_window: Open
) -> None:
    window = open_window(open_clinic("ruth"))
    mei = open_clinic("mei")  # its changes are announced on the other workstation alone
    flag(mei, mei.visit(mei.patient(), JULY))
    settle(window.workplace.tasks)
    assert kinds(window) == []
    window.waiting.look_each_minute()
    settle(window.workplace.tasks)
    assert kinds(window) == ["red_flag"]


def test_a_stale_line_is_told_and_looked_at_again(clinic: Clinic, open_window: Open) -> None:
    visit_id = clinic.visit(clinic.patient(), JULY)
    effect_id = flag(clinic, visit_id)
    window = open_window(clinic)
    window.workplace.changes.blockSignals(True)  # as if another workstation had done it
    clinic.services.side_effects.resolve(clinic.actor, effect_id, 1, "by a colleague")
    settle(window.workplace.tasks)
    window.workplace.changes.blockSignals(False)
    panel = inbox(window).panel
    panel.note.editor.setPlainText("called back")
    panel.act()
    settle(window.workplace.tasks)
    assert kinds(window) == []
    assert "called back" in window.window.messages.text()


@pytest.mark.parametrize("user_name", ["ruth", "mei", "noor", "rosa"])
def test_everybody_has_an_inbox(open_clinic: Callable[[str], Clinic], open_window: Open, user_name: str) -> None:
    window = open_window(open_clinic(user_name))
    assert window.window.current_view() == INBOX
    assert kinds(window) == []
