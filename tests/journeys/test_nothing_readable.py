"""Of a clinic in use no file on the disk tells a patient's name, while it is open, locked, closed or crashed."""

import base64
import io
import os
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from clinic_app.services.paper import WentOut
from clinic_app.services.patient_data import Entry, PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.settings import Settings
from clinic_app.terms import EntryKind
from clinic_app.ui.failures import Failures
from clinic_app.ui.program import Program
from clinic_app.ui.spool import spooled, spooling_in
from clinic_app.ui.unlock import UnlockPage
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import USER

FAMILY, GIVEN, PHONE, STREET, NUMBER = "Quixworth", "Zephyrine", "555-0187342", "Umberlane", "MRN-778213"
PENICILLIN, HALF_TYPED = "penicillin-xyzzy", "Wolverby"
WORDS = (FAMILY, GIVEN, PHONE, STREET, NUMBER, PENICILLIN, "1949-05-17", HALF_TYPED)
"""What nobody may read; the last stands in a form that is not saved. None is so short that an encrypted file could hold
it by chance."""
PIN = "25809174"
SECRETS = (PASSPHRASE, PIN)


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What the program writes anywhere lies below one folder."""
    for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmpdir"))
    yield tmp_path


def readable(folder: Path, words: tuple[str, ...] = WORDS) -> list[tuple[str, str]]:
    """Which file tells which word, in any of the writings in which programs keep text."""
    kept = QSettings()
    kept.sync()
    found = []
    for file in {Path(kept.fileName()), *folder.rglob("*")}:
        found += [(file.name, word) for word in words if word.lower() in file.name.lower()]
        if file.is_file():
            found += [(file.name, told) for told in _told(file.read_bytes(), words)]
    return sorted(found)


def _told(content: bytes, words: tuple[str, ...]) -> Iterator[str]:
    if content.startswith(b"%PDF"):
        yield "a paper"  # whose words are compressed
    lower = content.lower()
    for word in words:
        writings = [word.encode("utf-8"), word.encode("utf-16-le"), word.encode("utf-16-be")]
        writings += [_in_base64(word, after) for after in range(3)]
        if any(writing.lower() in lower for writing in writings):
            yield word
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield from _told(archive.read(member) + b"\n" + member.filename.encode(), words)


def _in_base64(word: str, after: int) -> bytes:
    """What stands there for a word after so many bytes, without the ends, which depend on what is beside it."""
    written = base64.b64encode(b"\0" * after + word.encode())
    return written[-(-after * 8 // 6) : (after + len(word)) * 8 // 6]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_the_search_finds_what_it_looks_for(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "some.file"
    file.write_bytes(b"\x00\x17" + FAMILY.upper().encode(encoding) + b"\xff")
    assert readable(tmp_path) == [("some.file", FAMILY)]


def test_the_search_looks_into_archives_base64_names_and_papers(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "one.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside", f"{GIVEN} " * 9)
    for before in range(3):
        (tmp_path / f"two{before}").write_bytes(base64.b64encode(b"x" * before + PHONE.encode() + b" at home"))
    (tmp_path / f"of {STREET}").touch()
    (tmp_path / "three").write_bytes(b"%PDF-1.4")
    assert readable(tmp_path) == [
        (f"of {STREET}", STREET), ("one.zip", GIVEN), ("three", "a paper"),
        ("two0", PHONE), ("two1", PHONE), ("two2", PHONE),
    ]  # fmt: skip


def use(program: Program) -> int:
    """A morning: registered, charted, signed, booked, printed, kept, looked for, and a form half filled in."""
    assert program.clinic_window is not None
    clinic = program.clinic_window
    services, actor = clinic.workplace.services, clinic.workplace.actor
    patient = services.patients.register(
        actor,
        PatientForm(
            family_name=FAMILY, given_name=GIVEN, birth_date=date(1949, 5, 17), phone=PHONE,
            address=f"3 {STREET}", record_number=NUMBER, entries=(Entry(EntryKind.ALLERGY, PENICILLIN),),
        ),
    )  # fmt: skip
    services.identity.set_pin(actor, PASSPHRASE, PIN)
    kind = services.schedule.choices(actor).types[0].id
    services.schedule.book(
        actor, Booking(patient, actor.account_id, kind, datetime(2026, 3, 9, 10), 30, overbook_reason="no hours yet")
    )
    clinic.show_patient(patient)
    clinic.start_visit(patient, False)
    assert program.tasks.wait_idle(60)
    clinic.muscle_map.save_now()
    card = services.schedule_papers.appointment_card(actor, services.schedule.of_patient(actor, patient)[0].id)
    services.audit.went_out(actor, card, WentOut.PRINTED.value)
    clinic.papers.draw(lambda: card)
    assert program.tasks.wait_idle(60)
    clinic.patients.finder.search.editor.setText(FAMILY)
    clinic.patients.finder.search.submitted.emit(FAMILY)
    clinic.patients.new_patient()
    form = clinic.patients.form()
    assert form is not None
    form.fields.plain["family_name"].editor.setText(HALF_TYPED)
    assert program.tasks.wait_idle(60)
    return patient


def test_no_file_of_a_used_clinic_names_a_patient(
    settings: Settings, open_program: Callable[..., Program], own_folders: Path
) -> None:
    program = open_program(settings)
    patient = use(program)
    assert program.clinic_window is not None
    services, actor = program.clinic_window.workplace.services, program.clinic_window.workplace.actor
    assert services.patients.details(actor, patient).form.family_name == FAMILY, "it is in the record"
    assert settings.database_url or (settings.data / "clinic.db-wal").stat().st_size > 0
    assert readable(own_folders) == [], "while it is open"

    # A fault whose message names a patient, and one in the middle of writing them.
    failures = Failures(own_folders / "faults")
    failures.shown.connect(lambda dialog: dialog.close())
    failures.bug(ValueError(f"no such patient: {FAMILY}"))
    with (
        pytest.raises(IntegrityError) as met,
        services.patients._database.writing(actor.account_id, services.clock()) as session,
    ):
        session.execute(text("INSERT INTO patient (note) VALUES (:note)"), {"note": FAMILY})
    assert FAMILY not in str(met.value)
    failures.bug(met.value)
    failures.uninstall()
    assert "ValueError" in (own_folders / "faults" / "problems.log").read_text()
    assert readable(own_folders) == [], "in the log of a fault"

    program.clinic_window.lock_requested.emit()
    assert program.tasks.wait_idle(60)
    assert settings.database_url or list((settings.data / "backups").glob("*.backup"))
    assert readable(own_folders) == [], "locked, with a backup"
    page = program.opening.widget(0)
    assert isinstance(page, UnlockPage)
    page.unlock_requested.emit(USER, FAMILY)  # typed into the wrong field
    assert program.tasks.wait_idle(60)
    page.unlock_requested.emit(USER, PASSPHRASE)
    assert program.tasks.wait_idle(60)
    program.finish()
    assert readable(own_folders) == [], "closed"
    assert readable(own_folders, SECRETS) == [], "no passphrase and no PIN either"


def test_a_crash_in_the_middle_of_it_leaves_nothing_to_read(settings: Settings, own_folders: Path) -> None:
    command = [sys.executable, "-m", "tests.journeys.clinic_that_crashes", str(settings.data), settings.database_url]
    crashed = subprocess.run(command, capture_output=True, check=False)
    assert crashed.returncode == -signal.SIGSEGV, crashed.stderr.decode()
    assert crashed.stdout == b"used\n"
    (own_folders / "told").write_bytes(crashed.stderr)  # which the desktop keeps in a log of its own
    log = next(own_folders.rglob("problems.log"))
    assert "ValueError" in log.read_text(encoding="utf-8")
    assert readable(own_folders) == []
    assert readable(own_folders, SECRETS) == []


def test_what_was_on_its_way_to_the_printer_is_gone(own_folders: Path) -> None:
    folder = own_folders / "printing"
    with spooling_in(folder), spooled():
        spool = Path(os.environ["TMPDIR"]) / "job"
        spool.write_text(FAMILY)
        assert folder in spool.parents
    assert readable(own_folders) == []


def test_no_window_title_names_a_patient(settings: Settings, open_program: Callable[..., Program]) -> None:
    program = open_program(settings)
    use(program)
    titles = [each.windowTitle() for each in QApplication.topLevelWidgets()]
    assert any(titles)
    assert not [title for title in titles for word in WORDS if word in title]


def test_the_title_names_the_patient_only_where_the_clinic_wants_it(
    settings: Settings, open_program: Callable[..., Program]
) -> None:
    program = open_program(settings)
    patient = use(program)
    clinic = program.clinic_window
    assert clinic is not None
    clinic.show_patient(patient)
    assert program.tasks.wait_idle(60)
    assert FAMILY not in clinic.window.windowTitle()
    clinic.workplace.services.desk_privacy.name_in_titles(clinic.workplace.actor, True)
    QApplication.processEvents()
    assert program.tasks.wait_idle(60)
    assert FAMILY in clinic.window.windowTitle()
