"""The stock among the other views: who sees it, and the keys that lead there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

from clinic_app.ui.clinic_window import STOCK, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.nav_rail import RailButton
from clinic_app.ui.shortcuts import ShortcutList
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import SMALLEST, Look
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.workplace import Workplace
from tests.ui.clinic import Clinic
from tests.ui.keyboard import type_text

Open = Callable[[str], ClinicWindow]


@pytest.fixture
def open_window(
    open_clinic: Callable[[str], Clinic], tasks: Tasks, look: Look, bugs: list[BaseException], tmp_path: Path
) -> Iterator[Open]:
    windows: list[ClinicWindow] = []
    failures = Failures(tmp_path / "logs")

    def as_person(user_name: str) -> ClinicWindow:
        clinic = open_clinic(user_name)
        workplace = Workplace(clinic.services, clinic.actor, tasks, clinic.changes, clinic.services.atlas)
        window = ClinicWindow(workplace, look, failures)
        windows.append(window)
        window.window.show()
        assert tasks.wait_idle()
        return window

    yield as_person
    for window in windows:
        window.close()
    failures.uninstall()
    assert bugs == []


def shortcuts(window: ClinicWindow) -> dict[str, str]:
    return {each.text(): each.shortcut().toString() for each in window.window.commands()}


def test_the_stock_is_the_fifth_view_of_those_who_may_see_it(open_window: Open) -> None:
    window = open_window("noor")
    assert shortcuts(window)["Stock"] == "Ctrl+5"
    action = next(each for each in window.window.commands() if each.shortcut() == QKeySequence("Ctrl+5"))
    action.trigger()
    assert window.window.current_view() == STOCK
    assert window.stock is not None
    assert window.window.focusWidget() is window.stock.lot_list.search.editor
    new = next(each for each in window.window.commands() if each.shortcut() == QKeySequence("Ctrl+N"))
    new.trigger()
    assert window.stock.pages.currentWidget() is window.stock.receive_panel


def test_the_front_desk_does_not_see_the_stock(open_window: Open) -> None:
    window = open_window("rosa")
    assert window.stock is None
    assert "Stock" not in shortcuts(window)
    titles = [button.text() for button in window.window.rail.findChildren(RailButton)]
    assert "Schedule" in titles
    assert "Stock" not in titles


def test_vials_typed_but_not_received_keep_the_window_open(open_window: Open) -> None:
    window = open_window("noor")
    assert window.stock is not None
    window.stock.receive()
    type_text(window.stock.receive_panel.form.lot_field.editor, "C1")
    assert not window.window.close()
    assert window.window.messages.text().startswith("Vials are typed under Stock but not received.")
    window.stock.receive_panel.form.clear()
    assert window.window.close()


def test_the_list_of_all_shortcuts_fits_the_smallest_window(open_window: Open) -> None:
    window = open_window("noor").window
    window.show_shortcuts()
    (keys,) = window.findChildren(ShortcutList)
    assert keys.sizeHint().width() <= SMALLEST.width()
    assert keys.sizeHint().height() <= SMALLEST.height()
    headings = [label.text() for label in keys.findChildren(Muted)]
    views = ("Inbox", "Muscle map", "Schedule", "Recall", "Stock")
    assert sorted(headings) == sorted(["Everywhere", *(f"In the view {view}" for view in views)])
    keys.close()
