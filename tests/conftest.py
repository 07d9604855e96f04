"""What every test needs: no screen, nobody's own settings, and the reference that ships."""

import os
from collections.abc import Iterator
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hypothesis
import pytest
from PySide6.QtCore import QCoreApplication, QSettings

from clinic_app.reference import Reference, load_reference
from tests import postgres
from tests.both_kinds import FOLDER, SERVER


def pytest_addoption(parser: pytest.Parser) -> None:
    """Whoever measures coverage leaves the server out: it is the same code."""
    parser.addoption("--store", choices=[FOLDER, SERVER], help="only the tests on clinics of this kind")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about a clinic's files is not tried on a server, which has none."""
    wanted = config.getoption("--store")
    dropped: list[pytest.Item] = []
    kept: list[pytest.Item] = []
    for item in items:
        callspec = getattr(item, "callspec", None)
        kind = FOLDER if callspec is None else callspec.params.get("store_kind", FOLDER)
        about_files = kind == SERVER and item.get_closest_marker("about_files") is not None
        (dropped if about_files or wanted not in (None, kind) else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What tests set up together is set up by one worker: those of a file on one kind of store, and all of the demo."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = _set_up_together
    return scheduler


def _set_up_together(test: str) -> str:
    file, _, name = test.partition("::")
    if file.startswith("tests/demo/"):
        return "tests/demo"
    if file == "tests/journeys/test_from_outside.py":
        return file  # a person's accessibility bus lies at one place, whatever the display
    return f"{file} {SERVER}" if f"[{SERVER}" in name else file


@pytest.fixture(scope="session")
def own_server() -> Iterator[postgres.PostgresServer]:
    """A database server of this run's own."""
    where = postgres.programs()
    if where is None:
        if os.environ.get("CLINIC_APP_CI"):
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed (on Debian: apt-get install postgresql)")
    server = postgres.PostgresServer(where)
    yield server
    server.end()


@pytest.fixture(scope="session")
def server() -> None:
    """Clinics of tests are in folders; the rooms that work with a store have them on a server as well (both_kinds)."""


@pytest.fixture(autouse=True)
def no_copies_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """The copies of a server's clinic go with the test that had them."""
    used = "server" in request.fixturenames
    found: postgres.PostgresServer | None = request.getfixturevalue("server") if used else None
    yield
    if found is not None:
        found.drop_copies()


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
