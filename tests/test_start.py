"""What is imported before the unlock page and before the first usable window: nothing that a later view brings."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from benchmarks.small_clinic import PASSPHRASE, small_clinic

ROOT = Path(__file__).parent.parent
USER = "ellison"
UNLOCK_PAGE = frozenset("PySide6 platformdirs shiboken6".split())
"""Packages of which something is imported up to the unlock page."""
MAIN_WINDOW = UNLOCK_PAGE | frozenset(
    """
    _argon2_cffi_bindings _cffi_backend anyascii argon2 cryptography msgspec psutil sqlalchemy sqlcipher3
    typing_extensions yaml
    """.split()
)
"""Those up to the first list of patients in the main window."""
LATER_PAGES = frozenset("first_run main_window recovery_form restore_offer return_form connect_form".split())
LATER_VIEWS = frozenset("inbox muscle_map recall reports schedule settings stock".split())
LATER_SERVICES = frozenset("importing fhir_export papers reports research schedule stock verification visits".split())
OF_THE_TEST = frozenset(
    {"_distutils_hack", "benchmarks", "clinic_app", "coverage", "pypdfium2_cfg", "pytest_cov", "tests"}
)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("clinic")
    small_clinic(folder).close()
    yield folder


def test_the_unlock_page_imports_what_it_shows_and_no_more(clinic: Path, tmp_path: Path) -> None:
    modules = modules_until("unlock page", clinic, "", tmp_path)
    loaded = packages(modules)
    assert "clinic_app.ui.unlock" in modules
    assert modules & {f"clinic_app.ui.{page}" for page in LATER_PAGES} == set()
    assert loaded <= MAIN_WINDOW  # the services may have begun on a slow day
    assert loaded & {"cryptography", "psutil", "pypdfium2", "yaml"} == set()


def test_the_first_window_imports_no_package_and_no_view_that_is_shown_later(clinic: Path, tmp_path: Path) -> None:
    modules = modules_until("main window", clinic, USER, tmp_path)
    # Who names muscles in the inbox reads the reference, beside the first list or just after it.
    assert packages(modules) | {"yaml"} == MAIN_WINDOW
    assert "clinic_app.ui.patients.view" in modules
    assert modules & {f"clinic_app.ui.{view}.view" for view in LATER_VIEWS} == set()
    assert "clinic_app.ui.patients.page" not in modules  # nobody is found yet
    assert modules & {f"clinic_app.services.{service}" for service in LATER_SERVICES} == set()


def test_what_follows_qt_is_imported_by_pythons_own_function() -> None:
    """PySide6's own reads the source text of every module that is imported, and keeps it."""
    asked = (
        "import builtins, pathlib; own = builtins.__import__; from clinic_app import app; "
        "app.remember_choices_in(pathlib.Path('.')); app.make_application(); print(builtins.__import__ is own)"
    )
    answer = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "True"


def modules_until(said: str, clinic: Path, user: str, logs: Path) -> set[str]:
    """What a fresh process has imported when it says so, by ``-X importtime``."""
    told = logs / "imports"
    command = [sys.executable, "-X", "importtime", "-m", "benchmarks.started", str(clinic), str(logs), user]
    environment = os.environ | {"CLINIC_APP_PASSPHRASE": PASSPHRASE}
    with (
        told.open("w") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment) as child,
    ):
        assert child.stdout is not None
        heard = [line.strip() for line in iter(child.stdout.readline, f"{said}\n")]
        child.kill()
    assert child.returncode < 0, (heard, told.read_text())
    lines = [line for line in told.read_text().splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[-1].strip() for line in lines}


def packages(modules: set[str]) -> set[str]:
    """The installed packages among them."""
    return ({module.partition(".")[0] for module in modules} & packages_distributions().keys()) - OF_THE_TEST
