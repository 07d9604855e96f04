"""The research export: who may, where to, all or nothing, and told in the audit trail."""

import csv
import errno
import importlib.util
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars
import pytest
from sqlalchemy import select

from clinic_app.cli import run
from clinic_app.errors import ClinicError, NotAllowed, StoreProblem
from clinic_app.models import AuditEntry
from clinic_app.services import research_folder, research_subjects
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import ChartVial
from clinic_app.services.research import Exported, Research
from clinic_app.services.visit_data import SideEffectForm
from clinic_app.terms import Role, Severity, Side
from tests.clinics import PASSPHRASE
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

MANAGER_ONLY = frozenset({Role.MANAGER})
FILES = {"injections.csv", "cycles.csv", "side_effects.csv", "dictionary.csv"}
PARQUET = {"injections.parquet", "cycles.parquet", "side_effects.parquet"}


def export(clinic: OpenClinic, folder: Path, *, with_text: bool = False) -> Exported:
    exported = clinic.services.research.export(clinic.physician, folder, with_text=with_text)
    assert exported is not None
    return exported


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def treated(clinic: OpenClinic, count: int = 1) -> None:
    for number in range(count):
        clinic.signed(clinic.patient(family_name=f"Okafor {number}"))


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.NURSE, Role.PHYSICIAN])
def test_nobody_but_a_manager_exports(clinic: OpenClinic, tmp_path: Path, role: Role) -> None:
    person = replace(clinic.nurse, roles=frozenset({role}))
    with pytest.raises(NotAllowed, match="Only the manager"):
        clinic.services.research.export(person, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not clinic.store.files.research.exists()


def test_a_visit_and_what_followed_it_are_told_without_its_patient_or_lot(clinic: OpenClinic, tmp_path: Path) -> None:
    visit_id = clinic.signed(clinic.patient())
    clinic.services.side_effects.record(
        clinic.physician,
        SideEffectForm(
            visit_id,
            "dysphagia",
            severity=Severity.MILD,
            started_on=clinic.today,
            red_flag=False,
            muscles=(("splenius_capitis", Side.RIGHT),),
        ),
    )
    clinic.clock.forward(days=84)
    folder = export(clinic, tmp_path / "out").folder
    first, second = read(folder, "injections")
    (cycle,) = read(folder, "cycles")
    (effect,) = read(folder, "side_effects")
    assert (first["muscle"], first["units"], first["volume_ml"], second["units"]) == (
        "splenius_capitis",
        "60",
        "1.2",
        "40",
    )
    assert (cycle["units_onabotulinumtoxinA"], cycle["units_abobotulinumtoxinA"]) == ("100", "0")
    assert (cycle["age_years"], cycle["side_effects_mild"], cycle["planned_weeks"]) == ("64", "1", "12")
    assert (effect["kind"], effect["days_after_injection"], effect["suspected_muscles"]) == (
        "dysphagia", "0", "splenius_capitis:right"
    )  # fmt: skip
    assert first["patient"] == cycle["patient"] == effect["patient"]
    assert cycle["injected_on"] == effect["started_on"] != clinic.today.isoformat()
    written = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.csv"))
    assert not [word for word in ("Okafor", "1961", "C1234", "Turns to the right") if word in written]


def test_every_export_is_in_the_audit_trail_with_its_counts(clinic: OpenClinic, tmp_path: Path) -> None:
    treated(clinic, 2)
    exported = export(clinic, tmp_path / "out", with_text=True)
    with clinic.store.database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.what == "exported"))
    assert (entry.kind, entry.account_id, entry.at) == ("research_export", clinic.physician.account_id, clinic.clock())
    counts = {"patients": 2, "injections": 4, "cycles": 2, "side_effects": 0}
    assert entry.after == counts | {"with_text": True, "folder": str(exported.folder)}


def test_the_files_and_their_folder_are_their_owners(clinic: OpenClinic, tmp_path: Path) -> None:
    treated(clinic)
    folder = export(clinic, tmp_path / "deep" / "out").folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert named(folder) == FILES | PARQUET
    assert named(folder.parent) == {"out"}


def test_a_folder_that_holds_anything_is_refused_and_stays_as_it_is(clinic: OpenClinic, tmp_path: Path) -> None:
    treated(clinic)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "injections.csv").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("out", "file"):
        with pytest.raises(ClinicError, match="holds something already"):
            export(clinic, tmp_path / name)
    assert (tmp_path / "out" / "injections.csv").read_text() == "mine"
    assert named(tmp_path) == {"clinic", "out", "file"}


def test_an_empty_folder_is_used(clinic: OpenClinic, tmp_path: Path) -> None:
    treated(clinic)
    (tmp_path / "out").mkdir()
    assert named(export(clinic, tmp_path / "out").folder) >= FILES


def test_an_export_that_was_cut_off_is_told_and_not_written_over(clinic: OpenClinic, tmp_path: Path) -> None:
    treated(clinic)
    (tmp_path / "out.part").mkdir()
    with pytest.raises(ClinicError, match=r"was cut off.*out\.part"):
        export(clinic, tmp_path / "out")
    assert named(tmp_path) == {"clinic", "out.part"}


def test_a_folder_that_cannot_be_made_is_a_sentence(clinic: OpenClinic, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreProblem, match="Choose another one"):
        export(clinic, tmp_path / "file" / "out")


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(research_subjects, "AT_ONCE", 1)


@pytest.mark.usefixtures("one_at_a_time")
def test_progress_is_told_and_cancelling_leaves_nothing(clinic: OpenClinic, tmp_path: Path) -> None:
    treated(clinic, 3)
    told: list[tuple[int, int]] = []
    research = clinic.services.research
    assert research.export(clinic.physician, tmp_path / "whole", progress=lambda *at: told.append(at)) is not None
    assert told == [(1, 3), (2, 3), (3, 3)]
    for after in range(4):
        stop, done = threading.Event(), list[int]()

        def count(
            number: int, _of: int, stop: threading.Event = stop, done: list[int] = done, after: int = after
        ) -> None:
            done.append(number)
            if number == after:
                stop.set()

        if after == 0:
            stop.set()
        assert research.export(clinic.physician, tmp_path / "out", progress=count, cancelled=stop.is_set) is None
        assert len(done) == after
    assert named(tmp_path) == {"clinic", "whole"}
    with clinic.store.database.reading() as session:
        assert len(list(session.scalars(select(AuditEntry).where(AuditEntry.what == "exported")))) == 1


def test_a_disk_that_fails_at_the_last_moment_leaves_nothing(
    clinic: OpenClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    treated(clinic)
    export(clinic, tmp_path / "before")  # the pseudonyms are kept from here on

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreProblem, match="is full"):
        export(clinic, tmp_path / "out")
    assert named(tmp_path) == {"clinic", "before"}


@pytest.mark.usefixtures("one_at_a_time")
def test_many_patients_at_once_are_as_many_statements_as_one(
    clinic: OpenClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(research_subjects, "AT_ONCE", 200)
    sent = []
    for number in range(2):
        treated(clinic, 1 + 2 * number)
        sent.append(statements(clinic, lambda number=number: export(clinic, tmp_path / str(number))))  # type: ignore[misc]
    assert sent[0] == sent[1]


def test_own_words_leave_only_when_asked_for_and_never_as_a_formula(clinic: OpenClinic, tmp_path: Path) -> None:
    patient = clinic.patient()
    hostile = '=HYPERLINK("http://x","Ada"), said\n“twice”'
    visit_id = clinic.signed(patient, clinic.content(assessment=hostile, plan="@SUM(A1)"))
    clinic.services.side_effects.record(
        clinic.physician,
        SideEffectForm(
            visit_id, other="+1 odd feeling", severity=Severity.MILD, started_on=clinic.today, action="-2 calls"
        ),
    )
    without = export(clinic, tmp_path / "without").folder
    written = "".join(path.read_text(encoding="utf-8") for path in without.glob("*.csv"))
    assert not [word for word in ("HYPERLINK", "SUM(A1)", "odd feeling", "calls") if word in written]
    folder = export(clinic, tmp_path / "with", with_text=True).folder
    (cycle,), (effect,) = read(folder, "cycles"), read(folder, "side_effects")
    assert (cycle["assessment"], cycle["plan"]) == (f"'{hostile}", "'@SUM(A1)")
    assert (effect["kind"], effect["other"], effect["action"]) == ("other", "'+1 odd feeling", "'-2 calls")
    assert polars.read_parquet(folder / "cycles.parquet")["assessment"].to_list() == [f"'{hostile}"]


def test_days_between_visits_stay_true_and_two_products_stand_apart(clinic: OpenClinic, tmp_path: Path) -> None:
    patient = clinic.patient()
    clinic.signed(patient)
    clinic.clock.forward(days=91)
    vials = tuple(
        replace(clinic.content().vials[0], key=key, product=product, size_units=Decimal(size), reconstituted_at=None)
        for key, product, size in (("v1", "onabotulinumtoxinA", 100), ("v2", "rimabotulinumtoxinB", 2500))
    )  # fmt: skip
    first, second = clinic.content().lines
    lines = (replace(first, units="100"), replace(second, units="2500", vial="v2"))
    clinic.signed(patient, clinic.content(vials=tuple[ChartVial, ...](vials), lines=lines))
    first_cycle, second_cycle = read(export(clinic, tmp_path / "out").folder, "cycles")
    assert (first_cycle["days_to_next"], second_cycle["days_since_previous"], second_cycle["days_to_next"]) == (
        "91",
        "91",
        "",
    )
    began, again = (date.fromisoformat(cycle["injected_on"]) for cycle in (first_cycle, second_cycle))
    assert again - began == timedelta(days=91)
    assert (second_cycle["units_onabotulinumtoxinA"], second_cycle["units_rimabotulinumtoxinB"]) == ("100", "2500")
    assert second_cycle["products"] == "onabotulinumtoxinA;rimabotulinumtoxinB"


def test_a_clinic_without_visits_has_files_without_rows(clinic: OpenClinic, tmp_path: Path) -> None:
    clinic.patient()
    exported = export(clinic, tmp_path / "out")
    assert exported.counts.patients == exported.counts.injections == 0
    assert polars.read_parquet(exported.folder / "cycles.parquet").height == 0
    assert len((exported.folder / "cycles.csv").read_text().splitlines()) == 1


def test_without_the_extra_there_are_no_parquet_files_and_all_the_others(
    clinic: OpenClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    treated(clinic)
    find = importlib.util.find_spec
    missing: Callable[[str], object] = lambda name: None if name == "polars" else find(name)  # noqa: E731
    monkeypatch.setattr(research_folder, "find_spec", missing)
    exported = export(clinic, tmp_path / "out")
    assert not exported.parquet
    assert named(exported.folder) == FILES


def test_without_a_key_to_keep_nothing_is_exported(clinic: OpenClinic, tmp_path: Path) -> None:
    treated(clinic)
    services = Services(clinic.store.database, clinic.clock, clinic.services.reference)
    with pytest.raises(ClinicError, match="nothing can be exported"):
        services.research.export(clinic.physician, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_exports_of_one_day_get_folders_of_their_own(clinic: OpenClinic, tmp_path: Path) -> None:
    treated(clinic)
    into: Callable[[Actor, Path], Exported | None] = clinic.services.research.export_into
    found = [into(clinic.physician, tmp_path / "exports") for _ in range(2)]
    assert [each.folder.name for each in found if each] == ["research-2026-03-02", "research-2026-03-02-2"]
    assert isinstance(clinic.services.research, Research)


def test_the_command_writes_the_export_and_says_how_many_rows(
    clinic: OpenClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    treated(clinic, 2)
    clinic.store.database.close()
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    asked = ["research", *clinic.address, "--user", "ellison", "--out"]
    assert run([*asked, str(tmp_path / "first")]) == 0
    told = capsys.readouterr()
    assert "2 patients: 4 injections, 2 cycles, 0 side effects." in told.out
    assert str(tmp_path / "first") in told.out and told.err == ""
    assert run([*asked, str(tmp_path / "second"), "--with-text"]) == 0
    assert "it may name persons" in capsys.readouterr().err
    first, second = (read(tmp_path / name, "cycles") for name in ("first", "second"))
    assert [row["patient"] for row in first] == [row["patient"] for row in second]
    assert run([*asked, str(tmp_path / "second")]) == 1
    assert "holds something already" in capsys.readouterr().err
    nurse = ["research", *clinic.address, "--user", "nurse", "--out", str(tmp_path / "third")]
    assert run(nurse) == 1
    assert "Only the manager" in capsys.readouterr().err
    assert not (tmp_path / "third").exists()
