"""Kinds of appointment, rooms and devices, and calendar files in the window."""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit, QWidget

from clinic_app.services.calendar_data import TypeForm
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.schedule_data import Booking, ScheduleChoices
from clinic_app.terms import DeviceKind, Role
from clinic_app.ui.settings.places_page import PlaceSection
from clinic_app.ui.tokens import TYPE_COLOURS
from tests.ui.keyboard import press, type_text
from tests.ui.settings.conftest import SettingsDesk

Open = Callable[[Role], SettingsDesk]


def choices(desk: SettingsDesk) -> ScheduleChoices:
    return desk.workplace.services.schedule.choices(desk.workplace.actor)


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def retype(editor: QLineEdit, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    type_text(editor, text)


# the list of pages


def test_the_arrow_keys_go_from_page_to_page_and_each_reads_what_it_shows(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    shown = []
    for page in desk.view.pages:
        desk.settle()
        assert page.isVisible()
        shown.append(page.title)
        press(desk.view.list, Qt.Key.Key_Down)
    assert shown == [
        "Charting",
        "Appointment types",
        "Rooms and devices",
        "Working hours",
        "Closures and holidays",
        "Calendar files",
        "Clinic and paper",
        "Handouts",
        "Privacy",
        "Import",
        "Audit trail",
    ]


def test_a_page_that_was_changed_meanwhile_is_read_again_when_it_is_looked_at(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    desk.view.show_page(desk.view.places)
    desk.settle()
    desk.view.show_page(desk.view.charting)
    desk.workplace.services.calendar_rules.add_room(desk.workplace.actor, "Room 2")
    desk.settle()
    desk.view.show_page(desk.view.places)
    desk.settle()
    assert [row.name for row in desk.view.places.rooms.table.rows_model.rows()] == ["Room 1", "Room 2"]


# kinds of appointment


@pytest.fixture
def types(open_settings: Open) -> SettingsDesk:
    desk = open_settings(Role.MANAGER)
    desk.view.show_page(desk.view.types)
    desk.settle()
    return desk


def test_a_kind_is_added_with_its_button_and_taken_back(types: SettingsDesk) -> None:
    page = types.view.types
    click(page.list.new_button)
    type_text(page.editor.name.editor, "Ultrasound guided")
    retype(page.editor.minutes.editor, "45")
    page.editor.colour.set_value("green")
    click(page.editor.room)
    click(page.editor.devices[DeviceKind.ULTRASOUND])
    types.settle()
    assert len(choices(types).types) == 3, "nothing counts before the button"
    click(page.editor.add_button)
    types.settle()
    added = choices(types).types[-1]
    assert (added.name, added.minutes, added.colour, added.needs_room, added.needs) == (
        "Ultrasound guided", 45, "green", True, (DeviceKind.ULTRASOUND,),
    )  # fmt: skip
    chosen = page.list.table.selected()
    assert chosen is not None and chosen.id == added.id
    assert types.messages[-1][0] == "Ultrasound guided can be booked."
    types.undo()
    assert len(choices(types).types) == 3
    assert page.editor.isHidden()


def test_a_kind_that_is_there_changes_at_once_field_by_field(types: SettingsDesk) -> None:
    page = types.view.types
    page.list.table.select(page.list.table.rows_model.row_at(2))
    assert (page.editor.name.value(), page.editor.minutes.editor.text()) == ("Review", "20")
    retype(page.editor.minutes.editor, "25")
    press(page.editor.minutes.editor, Qt.Key.Key_Tab)
    types.settle()
    assert choices(types).types[2].minutes == 25
    page.editor.colour.set_value("pink")
    page.editor.colour.changed.emit()
    click(page.editor.devices[DeviceKind.EMG])
    types.settle()
    changed = choices(types).types[2]
    assert (changed.colour, changed.needs) == ("pink", (DeviceKind.EMG,))
    assert len(types.messages) == 3
    for _, back in reversed(types.messages):
        assert back is not None
        back()
    types.settle()
    assert choices(types).types[2].minutes == 20
    assert (page.editor.minutes.editor.text(), page.editor.colour.value()) == ("20", "blue")


def test_passing_through_the_fields_changes_nothing(types: SettingsDesk) -> None:
    rules, actor = types.workplace.services.calendar_rules, types.workplace.actor
    rules.change_type(actor, 3, TypeForm("Review", 20, False, "a newer colour", False, tuple(DeviceKind)))
    types.settle()
    page = types.view.types
    page.list.table.select(page.list.table.rows_model.row_at(2))
    for field in (page.editor.name, page.editor.minutes):
        retype(field.editor, field.editor.text())
        press(field.editor, Qt.Key.Key_Tab)
    types.settle()
    assert types.messages == []
    retype(page.editor.minutes.editor, "25")
    press(page.editor.minutes.editor, Qt.Key.Key_Return)
    types.settle()
    assert choices(types).types[2].colour == "a newer colour"


def test_a_new_clinic_has_kinds_in_colours_of_the_palette(types: SettingsDesk) -> None:
    assert {kind.colour for kind in choices(types).types} <= TYPE_COLOURS.keys()
    shown = types.view.types.list.table.rows_model.cells_of(2)
    assert [cell[Qt.ItemDataRole.DisplayRole] for cell in shown] == ["Teal", "Violet", "Blue"]


def test_what_is_wrong_with_a_kind_stands_under_its_field_and_what_is_typed_stays(types: SettingsDesk) -> None:
    page = types.view.types
    page.list.table.select(page.list.table.rows_model.row_at(2))
    retype(page.editor.minutes.editor, "600")
    press(page.editor.minutes.editor, Qt.Key.Key_Return)
    assert page.editor.minutes.error() == "At most 480."
    retype(page.editor.minutes.editor, "20")
    retype(page.editor.name.editor, "INJECTION")
    press(page.editor.name.editor, Qt.Key.Key_Return)
    types.settle()
    assert page.editor.name.error().startswith("There is Injection already")
    assert page.editor.name.value() == "INJECTION"
    retype(page.editor.name.editor, "Control")
    press(page.editor.name.editor, Qt.Key.Key_Return)
    types.settle()
    assert page.editor.name.error() == ""
    assert choices(types).types[2].name == "Control"


def test_a_kind_is_retired_and_brought_back_but_not_the_last_injection(types: SettingsDesk) -> None:
    page = types.view.types
    table = page.list.table
    table.select(table.rows_model.row_at(0))
    click(page.list.offer_button)
    types.settle()
    assert page.notice.text().startswith("Injection is the only kind that is an injection")
    table.select(table.rows_model.row_at(2))
    click(page.list.offer_button)
    types.settle()
    assert [kind.name for kind in choices(types).types] == ["Injection", "First visit"]
    assert page.list.offer_button.text() == "Bring this type back"
    types.undo()
    assert [kind.name for kind in choices(types).types] == ["Injection", "First visit", "Review"]


def test_the_calendars_lines_are_chosen_and_taken_back(types: SettingsDesk) -> None:
    lines = types.view.types.lines
    assert lines.distance.value() == 15
    lines.distance.set_value(5)
    lines.distance.changed.emit()
    types.settle()
    assert choices(types).grid_minutes == 5
    types.undo()
    assert choices(types).grid_minutes == 15
    assert lines.distance.value() == 15


# rooms and devices


@pytest.fixture
def places(open_settings: Open) -> SettingsDesk:
    desk = open_settings(Role.MANAGER)
    desk.view.show_page(desk.view.places)
    desk.settle()
    return desk


def names(section: PlaceSection) -> list[tuple[str, bool]]:
    return [(row.name, row.active) for row in section.table.rows_model.rows()]


def test_a_room_is_added_renamed_retired_and_brought_back(places: SettingsDesk) -> None:
    rooms = places.view.places.rooms
    click(rooms.new_button)
    type_text(rooms.form.name.editor, "Room 2")
    press(rooms.form.name.editor, Qt.Key.Key_Return)
    places.settle()
    assert names(rooms) == [("Room 1", True), ("Room 2", True)]
    assert rooms.form.isHidden()
    rooms.table.select(rooms.table.rows_model.row_at(1))
    click(rooms.rename_button)
    retype(rooms.form.name.editor, "Garden")
    press(rooms.form.name.editor, Qt.Key.Key_Return)
    places.settle()
    assert places.messages[-1][0] == "Room 2 is called Garden now."
    click(rooms.offer_button)
    places.settle()
    assert names(rooms) == [("Room 1", True), ("Garden", False)]
    assert [room.name for room in choices(places).rooms] == ["Room 1"]
    for _, back in reversed(places.messages):
        assert back is not None
        back()
    places.settle()
    assert names(rooms) == [("Room 1", True)]


def test_a_device_needs_its_kind_and_a_name_of_its_own(places: SettingsDesk) -> None:
    devices = places.view.places.devices
    assert devices.table.empty.sentence().startswith("No devices yet")
    click(devices.new_button)
    type_text(devices.form.name.editor, "EMG 1")
    click(devices.form.save)
    assert devices.form.kind.error() == "Kind is missing."
    devices.form.kind.set_value(DeviceKind.EMG)
    click(devices.form.save)
    places.settle()
    click(devices.new_button)
    type_text(devices.form.name.editor, "emg 1")
    devices.form.kind.set_value(DeviceKind.ULTRASOUND)
    click(devices.form.save)
    places.settle()
    assert devices.form.name.error().startswith("There is EMG 1 already")
    assert devices.form.name.value() == "emg 1"
    press(devices.form.name.editor, Qt.Key.Key_Escape)
    assert devices.form.isHidden()
    assert [(device.name, device.kind) for device in choices(places).devices] == [("EMG 1", DeviceKind.EMG)]


def test_retiring_a_room_says_how_many_appointments_are_booked_in_it(places: SettingsDesk) -> None:
    services, actor = places.workplace.services, places.workplace.actor
    reyes = choices(places).injectors[0].id
    services.working_times.set_hours(actor, reyes, {2: ((time(8), time(12)),)})
    patient = services.patients.register(
        actor, PatientForm(given_name="A", family_name="B", birth_date=date(1960, 1, 1))
    )
    services.schedule.book(actor, Booking(patient, reyes, 3, datetime(2026, 8, 5, 9), 20, room_id=1))
    places.settle()
    rooms = places.view.places.rooms
    rooms.table.select(rooms.table.rows_model.row_at(0))
    click(rooms.offer_button)
    places.settle()
    assert places.messages[-1][0] == "Room 1 is retired. 1 appointment is booked with it from now on."


# calendar files


@pytest.fixture
def files(open_settings: Open) -> SettingsDesk:
    desk = open_settings(Role.MANAGER)
    desk.view.show_page(desk.view.files)
    desk.settle()
    return desk


def test_names_stand_in_the_files_only_after_the_tick_and_can_be_taken_back(files: SettingsDesk) -> None:
    page, calendars = files.view.files, files.workplace.services.calendars
    assert not page.names.value()
    page.names.editor.toggle()
    files.settle()
    assert calendars.names_patients(files.workplace.actor)
    files.undo()
    assert not calendars.names_patients(files.workplace.actor)
    assert not page.names.value()


def test_a_calendar_file_is_saved_where_the_person_wants_it(files: SettingsDesk, tmp_path: Path) -> None:
    page = files.view.files
    dialogs: list[QFileDialog] = []
    page.saving.asked.connect(dialogs.append)
    (button,) = page.buttons.values()
    assert button.accessibleName() == "Save calendar file of Dr. Tomas Reyes"
    click(button)
    files.settle()
    dialog = dialogs.pop()
    assert dialog.selectedFiles()[0].endswith("Dr-Tomas-Reyes.ics")
    out = tmp_path / "reyes.ics"
    dialog.fileSelected.emit(str(out))
    dialog.reject()
    files.settle()
    said, back = files.messages[-1]
    assert (said, back) == ("The calendar file is saved.", None)
    (injector_id,) = page.buttons
    made = files.workplace.services.calendars.of_account(files.workplace.actor, injector_id)
    assert out.read_bytes() == made
    assert b"BEGIN:VCALENDAR" in made
    click(button)
    files.settle()
    dialogs[0].fileSelected.emit(str(tmp_path / "no folder" / "reyes.ics"))
    dialogs[0].reject()
    files.settle()
    said, _ = files.messages[-1]
    assert said.startswith(f"The folder {tmp_path / 'no folder'} cannot be used. ")


# who may


def test_a_physician_reads_the_pages_and_changes_nothing(open_settings: Open) -> None:
    desk = open_settings(Role.PHYSICIAN)
    view = desk.view
    for page in view.pages:
        view.show_page(page)
        desk.settle()
    types = view.types
    types.list.table.select(types.list.table.rows_model.row_at(0))
    assert types.editor.isHidden()
    assert view.hours.week.days[0].fields == []
    assert not types.lines.distance.editor.isEnabled()
    view.places.rooms.table.select(view.places.rooms.table.rows_model.row_at(0))
    hidden: list[QAbstractButton] = [types.list.new_button, types.list.offer_button, view.places.rooms.new_button]
    hidden += [view.places.rooms.rename_button, view.hours.single.new_button, view.closures.closures.new_button]
    hidden += [view.hours.week.copy_button, view.hours.week.days[0].add_button]
    assert [button.text() for button in hidden if not button.isHidden()] == []
    assert not view.closures.holidays.kept.editor.isEnabled()
    assert not view.files.names.editor.isEnabled()
    assert view.files.buttons, "a file of one's own appointments is everybody's"
    assert desk.messages == []
