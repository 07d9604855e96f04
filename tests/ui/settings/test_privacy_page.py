"""Privacy in the settings: the time until the lock, and what titles tell; each can be taken back."""

from collections.abc import Callable

from clinic_app.terms import Role
from clinic_app.ui.settings.privacy_page import PrivacyPage
from tests.ui.settings.conftest import SettingsDesk

Open = Callable[[Role], SettingsDesk]


def page_of(desk: SettingsDesk) -> PrivacyPage:
    desk.view.show_page(desk.view.privacy)
    desk.settle()
    return desk.view.privacy


def test_the_minutes_are_chosen_and_taken_back(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    page, privacy = page_of(desk), desk.workplace.services.desk_privacy
    assert page.minutes.value() == 10
    page.minutes.set_value(0)
    page.minutes.changed.emit()
    desk.settle()
    assert privacy.minutes() == 0
    said, undo = desk.messages[-1]
    assert said == "The clinic never locks by itself."
    assert undo is not None
    undo()
    desk.settle()
    assert privacy.minutes() == 10
    assert page.minutes.value() == 10


def test_minutes_that_are_not_offered_are_shown_all_the_same(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    desk.workplace.services.desk_privacy.choose(desk.workplace.actor, 7)
    page = page_of(desk)
    assert page.minutes.editor.currentText() == "after 7 minutes"


def test_titles_are_switched_by_the_manager_alone(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    page, privacy = page_of(desk), desk.workplace.services.desk_privacy
    page.titles.editor.click()
    desk.settle()
    assert privacy.names_in_titles()
    assert desk.messages[-1][0] == "Titles name the patient on screen."
    other = page_of(open_settings(Role.PHYSICIAN))
    assert not other.titles.editor.isEnabled()
