"""The calendar server in the settings: set up, tried, published to and stopped, and what is said when it fails."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from clinic_app.services.calendar_publishing import EVERYBODY, Target
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import Role
from clinic_app.ui.calendar_watch import CalendarWatch
from clinic_app.ui.settings.calendar_server_section import CalendarServerSection
from tests.calendar_server import PASSWORD, USER, Radicale, Remembered, radicale_server
from tests.calendar_server import ring as ring
from tests.ui.settings.conftest import SettingsDesk

Open = Callable[[Role], SettingsDesk]


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    with radicale_server(tmp_path / "radicale") as served:
        yield served


@pytest.fixture
def desk(open_settings: Open) -> SettingsDesk:
    desk = open_settings(Role.MANAGER)
    desk.view.show_page(desk.view.files)
    desk.settle()
    return desk


def fill(desk: SettingsDesk, address: str, password: str = PASSWORD) -> CalendarServerSection:
    section = desk.view.files.server
    section.address.set_value(address)
    section.user_name.set_value(USER)
    section.password.set_value(password)
    return section


def book(desk: SettingsDesk, at: datetime) -> None:
    services, actor = desk.workplace.services, desk.workplace.actor
    patient = services.patients.register(
        actor, PatientForm(given_name="Ada", family_name="Okafor", birth_date=date(1961, 3, 12))
    )
    (injector,) = services.schedule.choices(actor).injectors
    services.schedule.book(actor, Booking(patient, injector.id, 3, at, 30, overbook_reason="before the hours are set"))
    desk.settle()


def test_it_is_tried_set_up_published_to_and_stopped(desk: SettingsDesk, radicale: Radicale, ring: Remembered) -> None:
    book(desk, datetime(2026, 8, 5, 10))
    section = fill(desk, radicale.calendar)
    section.try_button.click()
    desk.settle()
    assert section.note.text() == "The server answers, and the calendar is there."
    assert radicale.files() == {}
    section.on_button.click()
    desk.settle()
    assert section.note.text() == "Published: 1 busy time sent."
    assert len(radicale.files()) == 1
    assert section.address.editor.isReadOnly()
    assert not section.password.isVisible()
    section.now_button.click()
    desk.settle()
    assert section.note.text() == "The calendar is up to date."
    section.off_button.click()
    desk.settle()
    assert radicale.files() == {}
    assert ring.kept == {}
    assert section.on_button.isVisible()
    assert section.address.value() == radicale.calendar, "to begin again"


def test_what_is_wrong_stands_under_its_field_and_what_is_typed_stays(desk: SettingsDesk, radicale: Radicale) -> None:
    section = fill(desk, radicale.calendar, "wrong")
    section.on_button.click()
    desk.settle()
    assert section.password.error().startswith("The calendar server refuses this name and password")
    assert section.address.value() == radicale.calendar
    section = fill(desk, "http://calendar.example.org/")
    section.try_button.click()
    desk.settle()
    assert section.address.error().startswith("The address must begin with https://")
    assert desk.workplace.services.calendar_publishing.targets(desk.workplace.actor) == {}


def test_a_typed_password_keeps_the_window_open(desk: SettingsDesk) -> None:
    section = fill(desk, "https://calendar.example.org/a/")
    assert "not set up yet" in desk.view.unsaved()
    section.password.set_value("")
    assert desk.view.unsaved() == ""


def test_only_the_manager_sees_a_password_to_type(open_settings: Open) -> None:
    desk = open_settings(Role.PHYSICIAN)
    desk.view.show_page(desk.view.files)
    desk.settle()
    section = desk.view.files.server
    assert not section.password.isVisible()
    assert not section.on_button.isVisible()


def test_while_it_fails_it_says_so_once_and_asks_ever_less_often(
    desk: SettingsDesk, radicale: Radicale, tmp_path: Path
) -> None:
    publishing, actor = desk.workplace.services.calendar_publishing, desk.workplace.actor
    publishing.turn_on(actor, EVERYBODY, Target(radicale.calendar, USER), PASSWORD)
    people = radicale.folder / "people"
    right = people.read_text()
    people.write_text("")
    watch = CalendarWatch(desk.workplace)
    said: list[str] = []
    watch.warned.connect(said.append)
    pauses = []
    for _ in range(6):
        while watch.waits:
            watch.look()
        watch.look()
        desk.settle()
        pauses.append(watch.waits)
    assert pauses == [0, 1, 3, 7, 11, 11]
    assert len(said) == 1
    assert said[0].startswith("Busy times could not be published. The calendar server refuses")
    book(desk, datetime(2026, 8, 5, 10))
    assert not watch.pause.isActive() or radicale.files() == {}
    people.write_text(right)
    watch.run()
    desk.settle()
    assert len(radicale.files()) == 1
    book(desk, datetime(2026, 8, 5, 11))
    assert watch.pause.isActive()
    watch.pause.timeout.emit()
    desk.settle()
    assert len(radicale.files()) == 2
    assert len(said) == 1
    watch.deleteLater()
