"""The window's look, an empty settings file and British dates for every test of the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QSettings
from PySide6.QtWidgets import QApplication

from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Appearance, Look


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Look:
    return Look(qapp, Appearance.LIGHT)


@pytest.fixture(autouse=True)
def british(look: Look) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)
    look.set_appearance(Appearance.LIGHT)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def bugs() -> list[BaseException]:
    return []


@pytest.fixture
def tasks(look: Look, bugs: list[BaseException]) -> Iterator[Tasks]:
    running = Tasks(bugs.append)
    yield running
    running.close()
