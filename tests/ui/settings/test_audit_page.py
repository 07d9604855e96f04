"""The audit trail at the window: filtered, unfolded, printed; for the manager alone."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from clinic_app.services.audit import AT_ONCE
from clinic_app.services.paper import Paper
from clinic_app.services.patient_data import PatientForm
from clinic_app.terms import Role
from clinic_app.ui.patient_choice import ChosenPatient
from clinic_app.ui.settings.audit_page import AuditPage, FieldChange, field_changes
from tests.ui.settings.conftest import SettingsDesk


@pytest.fixture
def desk(open_settings: Callable[[Role], SettingsDesk]) -> SettingsDesk:
    return open_settings(Role.MANAGER)


def page_of(desk: SettingsDesk) -> AuditPage:
    page = desk.view.audit
    assert page is not None
    desk.view.show_page(page)
    desk.settle()
    return page


def register(desk: SettingsDesk, family: str) -> ChosenPatient:
    form = PatientForm(family_name=family, given_name="Ada", birth_date=date(1961, 3, 12))
    patient_id = desk.workplace.services.patients.register(desk.workplace.actor, form)
    return ChosenPatient(patient_id, f"Ada {family}", date(1961, 3, 12), "1")


def shown(page: AuditPage) -> list[str]:
    model = page.table.rows_model
    return [str(model.index(row, 2).data()) for row in range(model.rowCount())]


def test_nobody_but_the_manager_has_the_page(open_settings: Callable[[Role], SettingsDesk]) -> None:
    assert open_settings(Role.PHYSICIAN).view.audit is None


def test_the_entries_are_told_in_words_and_unfold(desk: SettingsDesk) -> None:
    register(desk, "Okafor")
    page = page_of(desk)
    assert shown(page)[0] == "added the record"
    assert "unlocked the clinic" in shown(page)
    assert page.changed_section.isHidden()
    page.table.select(page.table.rows_model.row_at(0))
    assert not page.changed_section.isHidden()
    assert FieldChange("Family name", "", "Okafor") in page.fields.rows_model.rows()


def test_each_field_of_the_filter_narrows_and_one_click_clears_it(desk: SettingsDesk) -> None:
    page = page_of(desk)
    okafor, _ = register(desk, "Okafor"), register(desk, "Lund")
    desk.workplace.services.patients.details(desk.workplace.actor, okafor.id)
    page.refresh()
    desk.settle()
    everything = shown(page)
    page.patient.choose(okafor)
    desk.settle()
    assert shown(page) == ["looked at the record", "added the record"]
    page.act.editor.setCurrentIndex(page.act.editor.findText("looked at"))
    page.act.changed.emit()
    desk.settle()
    assert shown(page) == ["looked at the record"]
    page.group.editor.setCurrentIndex(page.group.editor.findText("Stock"))
    page.group.changed.emit()
    desk.settle()
    assert shown(page) == []
    assert not page.table.empty.isHidden()
    page.clear_button.click()
    desk.settle()
    assert shown(page) == everything
    page.first_day.editor.setText("1/1/2030")
    page.first_day.changed.emit()
    desk.settle()
    assert shown(page) == []


def test_earlier_entries_come_when_they_are_asked_for(desk: SettingsDesk) -> None:
    for number in range(AT_ONCE):
        register(desk, f"Okafor {number}")
    page = page_of(desk)
    assert len(shown(page)) == AT_ONCE
    page.more_button.click()
    desk.settle()
    assert len(shown(page)) > AT_ONCE
    assert page.more_button.isHidden()
    ids = [row.id for row in page.table.rows_model.rows()]
    assert ids == sorted(set(ids), reverse=True)


def test_the_list_for_a_patient_is_printed_from_here(desk: SettingsDesk) -> None:
    asked: list[object] = []
    page = page_of(desk)
    desk.view.paper_requested.connect(asked.append)
    assert page.print_button.isHidden()
    page.patient.choose(register(desk, "Okafor"))
    desk.settle()
    page.print_button.click()
    (gather,) = asked
    assert isinstance(gather, partial)
    paper = gather()
    assert isinstance(paper, Paper)
    assert paper.kind == "access_list"


def test_values_are_told_as_people_read_them(desk: SettingsDesk) -> None:
    page = page_of(desk)
    row = page.table.rows_model.row_at(0)
    told = field_changes(
        type(row)(
            row.id, row.at, row.who, "", "changed", "patient", 1, 1, "",
            before={"pregnant": False, "note": "", "choices": {}, "weight_kg": "61.5"},
            after={"pregnant": True, "note": "x" * 500, "choices": {"hours": 4}, "weight_kg": "61.5"},
        )
    )  # fmt: skip
    assert told == (
        FieldChange("Pregnant", "no", "yes"),
        FieldChange("Note", "", "x" * 400 + "…"),
        FieldChange("Choices", "", '{"hours": 4}'),
        FieldChange("Weight kg", "61.5", "61.5"),
    )
