"""The head of the clinic's paper: texts that are saved, a logo that is taken, shown and taken back."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QLineEdit

from clinic_app.terms import PaperSize, Role
from clinic_app.ui.settings.paper_page import PaperPage
from tests.ui.settings.conftest import SettingsDesk

Open = Callable[[Role], SettingsDesk]


def page_of(desk: SettingsDesk) -> PaperPage:
    desk.view.show_page(desk.view.paper)
    desk.settle()
    return desk.view.paper


def picture(folder: Path, name: str = "logo.png") -> Path:
    Image.new("RGB", (300, 100), (15, 118, 110)).save(folder / name)
    return folder / name


def test_texts_and_paper_are_saved_and_taken_back(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    page, clinics = page_of(desk), desk.workplace.services.clinics
    before = clinics.letterhead()
    assert not page.save_button.isEnabled()
    page.address.editor.setPlainText("12 Harbor Street\nPort Alder")
    page.paper_size.set_value(PaperSize.A4)
    page.phone.editor.setText("555-0100")
    page.save_button.click()
    desk.settle()
    saved = clinics.letterhead()
    assert (saved.address, saved.phone, saved.paper_size) == ("12 Harbor Street\nPort Alder", "555-0100", PaperSize.A4)
    assert not page.save_button.isEnabled()
    desk.undo()
    desk.settle()
    assert clinics.letterhead() == before
    assert page.phone.value() == before.phone


def test_a_clinic_without_a_name_is_told_under_the_field(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    page = page_of(desk)
    page.name.editor.clear()
    page.save_button.click()
    desk.settle()
    assert page.name.error() == "The clinic needs a name."
    assert page.name.value() == ""  # what was typed stays


def test_what_somebody_else_saves_is_shown_but_not_over_what_is_being_typed(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    page, services, actor = page_of(desk), desk.workplace.services, desk.workplace.actor
    services.clinics.set_letterhead(actor, replace(services.clinics.letterhead(), phone="1"))
    desk.settle()
    assert page.phone.value() == "1"
    page.address.editor.setPlainText("typing")
    services.clinics.set_letterhead(actor, replace(services.clinics.letterhead(), phone="2"))
    desk.settle()
    assert page.address.value() == "typing"


def test_a_logo_is_taken_shown_and_taken_back(open_settings: Open, tmp_path: Path) -> None:
    desk = open_settings(Role.MANAGER)
    page, logos = page_of(desk), desk.workplace.services.logos
    assert not page.remove_button.isEnabled()
    page.take_picture(picture(tmp_path))
    desk.settle()
    assert Image.open(BytesIO(logos.shown())).size == (300, 100)
    assert not page.logo.pixmap().isNull()
    page.remove_button.click()
    desk.settle()
    assert logos.shown() == b""
    assert page.logo.text().startswith("No logo")
    desk.undo()
    assert logos.shown() != b""


def test_what_is_no_logo_is_told_under_it(open_settings: Open, tmp_path: Path) -> None:
    desk = open_settings(Role.MANAGER)
    page = page_of(desk)
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "empty.png").touch()
    with (tmp_path / "huge.png").open("wb") as huge:
        huge.truncate(30_000_000)
    for name, said in (
        ("text.png", "no picture"),
        ("empty.png", "no picture"),
        ("missing.png", "cannot be opened"),
        ("huge.png", "too large"),
    ):
        page.take_picture(tmp_path / name)
        desk.settle()
        assert said in page.logo_error.text(), name
        assert page.logo_error.isVisible()
    page.take_picture(picture(tmp_path))
    desk.settle()
    assert not page.logo_error.isVisible()


def test_who_is_no_manager_reads_only(open_settings: Open) -> None:
    desk = open_settings(Role.PHYSICIAN)
    page = page_of(desk)
    assert page.name.value()
    assert page.name.editor.isReadOnly()
    assert not page.save_button.isVisible()
    assert not page.choose_button.isVisible()


def test_what_is_typed_and_not_saved_keeps_the_window_open(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    page = page_of(desk)
    assert desk.view.unsaved() == ""
    page.phone.editor.setText("555-0199")
    assert "Clinic and paper" in desk.view.unsaved()
    page.phone.editor.setText("")
    assert desk.view.unsaved() == ""


def test_a_form_with_something_typed_keeps_the_window_open(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    page = desk.view.places
    desk.view.show_page(page)
    desk.settle()
    page.rooms.new_button.click()
    assert desk.view.unsaved() == "", "an empty form loses nothing"
    page.rooms.form.name.editor.setText("Room 9")
    desk.view.show_page(desk.view.paper)
    assert "Rooms and devices" in desk.view.unsaved()
    page.rooms.form.cancel.click()
    assert desk.view.unsaved() == ""


def test_a_form_begun_for_another_row_has_nothing_typed(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    rules = desk.workplace.services.calendar_rules
    rules.add_room(desk.workplace.actor, "Room 9")
    section = desk.view.places.rooms
    desk.view.show_page(desk.view.places)
    desk.settle()
    rows = section.table.rows_model.rows()
    section.table.select(rows[0])
    section.rename_button.click()
    section.table.select(rows[1])
    section._begin_rename()
    assert section.form.name.value() == rows[1].name
    assert desk.view.unsaved() == ""


def test_half_a_date_is_typed_all_the_same(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    page = desk.view.closures
    desk.view.show_page(page)
    desk.settle()
    page.closures.new_button.click()
    assert desk.view.unsaved() == ""
    line = page.closures.form.findChildren(QLineEdit)[0]
    before = line.text()
    line.setText("3/")
    assert "Closures and holidays" in desk.view.unsaved()
    line.setText(before)
    assert desk.view.unsaved() == ""


def test_a_new_kind_of_appointment_that_was_begun_keeps_the_window_open(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    page = desk.view.types
    desk.view.show_page(page)
    desk.settle()
    page.list.new_button.click()
    assert desk.view.unsaved() == ""
    page.editor.name.editor.setText("Scan")
    assert "Appointment types" in desk.view.unsaved()
