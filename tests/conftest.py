"""What every test needs: no screen, nobody's own settings, and the reference that ships."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hypothesis
import pytest
from PySide6.QtCore import QCoreApplication, QSettings

from clinic_app.reference import Reference, load_reference


@pytest.fixture(scope="session", autouse=True)
def settings_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Settings go to a folder of this run, never to the person's own."""
    folder = str(tmp_path_factory.mktemp("settings"))
    QCoreApplication.setOrganizationName("clinic-app-tests")
    QCoreApplication.setApplicationName("clinic-app-tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, folder)
    return folder


@pytest.fixture(autouse=True)
def nothing_remembered(settings_folder: str) -> None:
    """No test finds what another chose."""
    QSettings().clear()


@pytest.fixture(scope="session")
def reference() -> Reference:
    loaded = load_reference()
    assert loaded.sources  # reads every file now, so that no single test pays for it
    return loaded


# How long an example takes is the benchmarks' business; a slow machine fails no test.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
