"""What was changed behind the program's back is found, each kind by its check."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from clinic_app import cli
from clinic_app.models import sealing, search_word, trail
from clinic_app.services.backup_plan import BackupPlan
from clinic_app.services.paper import WentOut
from clinic_app.services.verification import Broken, verify_clinic
from tests.clinics import PASSPHRASE
from tests.services.conftest import OpenClinic


@pytest.fixture
def used(clinic: OpenClinic) -> OpenClinic:
    """A clinic with a signed visit from stock, a correction, a printed note and a given handout."""
    patient = clinic.patient()
    visit = clinic.signed(patient, clinic.content(clinic.lot()))
    clinic.services.visits.add_addendum(clinic.physician, visit, "The side.", "It was the left.", clinic.confirmed())
    note = clinic.services.papers.visit_note(clinic.physician, visit)
    clinic.services.kept_papers.keep(clinic.physician, note, note.render(), WentOut.PRINTED)
    clinic.services.handouts.give(clinic.desk, patient, "living", "en")
    return clinic


def found(clinic: OpenClinic) -> set[str]:
    backups = clinic.settings.data / "backups"
    broken = verify_clinic(clinic.settings, clinic.store.database, clinic.store.data_key, backups)
    assert all(isinstance(each, Broken) and "Okafor" not in each.where for each in broken)
    return {each.what for each in broken}


def test_a_clinic_that_nobody_touched_is_whole(used: OpenClinic) -> None:
    told: list[tuple[int, int]] = []
    backups = used.settings.data / "backups"
    assert (
        verify_clinic(
            used.settings, used.store.database, used.store.data_key, backups, lambda done, of: told.append((done, of))
        )
        == ()
    )
    assert [done for done, _ in told] == list(range(told[0][1]))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE visit SET plan = 'another plan'", "signatures"),
        ("UPDATE injection SET units = units + 1000", "signatures"),
        ("UPDATE injection SET units = units + 1000", "vials"),
        ("UPDATE injection SET side = 'left'", "signatures"),
        ("UPDATE addendum SET text = 'It was the right.'", "signatures"),
        ("UPDATE vial SET wasted_units = 5000", "vials"),
        ("UPDATE stock_movement SET vials = -99 WHERE vials < 0", "ledger"),
        ("UPDATE kept_file SET content = :nothing", "kept files"),
        ("UPDATE handout_edition SET source = source || '.'", "handouts"),
        ("UPDATE audit_entry SET workstation = 'elsewhere' WHERE id = 4", "audit trail"),
        ("UPDATE audit_entry SET after = '{}' WHERE kind = 'visit'", "audit trail"),
        ("DELETE FROM audit_entry WHERE id = 4", "audit trail"),
        (
            "INSERT INTO audit_entry SELECT id + 1, at, account_id, workstation, what, kind, record_id,"
            " patient_id, before, after, chain, patient_chain FROM audit_entry"
            " WHERE id = (SELECT max(id) FROM audit_entry)",
            "audit trail",
        ),
        ("UPDATE audit_entry SET patient_chain = chain WHERE patient_id IS NOT NULL", "audit trail"),
        ("SELECT 1", "triggers"),
        ("DELETE FROM search_word", "search"),
    ],
)
def test_each_change_behind_the_programs_back_is_found(used: OpenClinic, change: str, what: str) -> None:
    with used.behind_the_program() as connection:
        sealing.remove(connection)  # as somebody would who holds the key
        connection.execute(text(change), {"nothing": b"\0"})
    assert what in found(used)


def test_a_clinic_in_which_nobody_new_would_be_found_is_told(used: OpenClinic) -> None:
    with used.behind_the_program() as connection:
        search_word.remove(connection)
    broken = verify_clinic(used.settings, used.store.database, used.store.data_key, used.settings.data / "backups")
    assert [each.where for each in broken] == sorted(search_word.names())
    used.patient(family_name="Later")
    assert found(used) == {"triggers", "search"}


@pytest.mark.about_files
def test_an_audit_trail_written_anew_or_cut_short_is_found_by_the_backups(used: OpenClinic) -> None:
    plan = BackupPlan(used.settings, used.store.key, used.store.database, used.clock, "America/New_York")
    file = plan.run().file
    used.patient(family_name="Later")
    assert found(used) == set()
    with used.store.database.engine.begin() as connection:
        last = connection.execute(text("SELECT max(id) FROM audit_entry")).scalar_one()
        sealing.remove(connection)
        connection.execute(text("UPDATE audit_entry SET workstation = 'elsewhere' WHERE id = 4"))
        trail.chain_anew(connection)
        sealing.install(connection)
    backups = used.settings.data / "backups"
    broken = verify_clinic(used.settings, used.store.database, used.store.data_key, backups)
    assert [each.what for each in broken] == ["audit trail"]
    assert file.name in broken[0].where
    with used.behind_the_program() as connection:
        sealing.remove(connection)
        connection.execute(text(f"DELETE FROM audit_entry WHERE id > {last} - 5"))
        sealing.install(connection)
    assert found(used) == {"audit trail"}


def test_the_database_refuses_to_change_the_trail(used: OpenClinic) -> None:
    for change in ("UPDATE audit_entry SET what = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DatabaseError, match=sealing.LEDGER), used.behind_the_program() as connection:
            connection.execute(text(change))


@pytest.mark.about_files
def test_a_reference_to_nothing_is_found(used: OpenClinic) -> None:
    with used.store.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("UPDATE given_handout SET patient_id = 99")
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql("BEGIN")
    assert "pages" in found(used)


def test_a_damaged_research_key_is_found(used: OpenClinic) -> None:
    used.store.research_key.disguises([(1, used.clock())])
    assert found(used) == set()
    content = bytearray(used.store.files.research.read())
    content[len(content) // 2] ^= 1
    used.store.files.research.write(bytes(content))
    assert found(used) == {"research key"}


@pytest.mark.about_files
def test_a_damaged_backup_is_found_by_its_name(used: OpenClinic) -> None:
    plan = BackupPlan(used.settings, used.store.key, used.store.database, used.clock, "America/New_York")
    file = plan.run().file
    assert found(used) == set()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert found(used) == {"backups"}


def test_the_command_says_where_it_broke_and_exits_with_two(
    used: OpenClinic, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    arguments = [*used.address, "--user", "ellison", "verify"]
    assert cli.run(arguments) == 0
    assert "whole" in capsys.readouterr().out
    with used.behind_the_program() as connection:
        sealing.remove(connection)
        connection.execute(text("UPDATE visit SET plan = 'another plan'"))
        sealing.install(connection)
    assert cli.run(arguments) == 2
    said = capsys.readouterr().out
    assert "signatures: visit 1 of 2026-03-02" in said
    assert "Okafor" not in said
