"""The trail as the manager reads it, what goes into it besides changes, and the list of who was in a record."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic_app.errors import ClinicError, NotAllowed, NotFound, WrongPassphrase
from clinic_app.models import AuditEntry, Base
from clinic_app.models.keys import Cost
from clinic_app.services.audit import AuditFilter
from clinic_app.services.audit_words import ACTS, GROUPS, act_in_words, act_of, done, group_in_words, kind_in_words
from clinic_app.services.stores import recover, unlock
from clinic_app.terms import Role
from tests.clinics import PASSPHRASE
from tests.documents.reading import whole_text
from tests.services.conftest import OpenClinic

EVERYTHING = AuditFilter()
CHEAP = Cost(1, 8, 1)


def test_the_rows_say_who_did_what_to_whom_the_latest_first(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    clinic.services.patients.details(clinic.nurse, patient)
    looked = clinic.services.audit.rows(clinic.physician, EVERYTHING, limit=1)[0]
    assert (looked.act, looked.kind, looked.who, looked.patient) == ("looked", "patient", "Nurse", "Ada Okafor")
    assert looked.at.replace(tzinfo=None).hour == 10, "the clinic's wall clock"
    created = next(
        row
        for row in clinic.services.audit.rows(clinic.physician, EVERYTHING)
        if (row.act, row.kind) == ("created", "patient")
    )
    assert created.after["family_name"] == "Okafor"
    assert created.workstation == looked.workstation != ""


def test_the_filter_narrows_by_each_of_its_parts(clinic: OpenClinic) -> None:
    audit, physician = clinic.services.audit, clinic.physician
    first, second = clinic.patient(), clinic.patient(family_name="Lund")
    clinic.services.patients.details(clinic.nurse, first)
    clinic.clock.moment += timedelta(days=1)
    clinic.services.patients.details(clinic.desk, second)
    clinic.lot()
    assert {row.patient_id for row in audit.rows(physician, AuditFilter(patient_id=first))} == {first}
    assert {row.who for row in audit.rows(physician, AuditFilter(account_id=clinic.desk.account_id))} == {"Desk"}
    assert {row.act for row in audit.rows(physician, AuditFilter(acts=frozenset({"looked"})))} == {"looked"}
    assert {row.kind for row in audit.rows(physician, AuditFilter(kinds=GROUPS["stock"]))} == {"lot", "stock_movement"}
    days = AuditFilter(first_day=date(2026, 3, 3), last_day=date(2026, 3, 3))
    assert {row.at.date() for row in audit.rows(physician, days)} == {date(2026, 3, 3)}
    assert audit.rows(physician, AuditFilter(first_day=date(2026, 3, 4))) == ()
    both = replace(days, acts=frozenset({"looked"}))
    assert [row.who for row in audit.rows(physician, both)] == ["Desk"]


def test_the_rows_go_on_behind_the_last_one_without_gap_or_repetition(clinic: OpenClinic) -> None:
    for number in range(7):
        clinic.patient(family_name=f"Okafor {number}")
    audit = clinic.services.audit
    whole = audit.rows(clinic.physician, EVERYTHING, limit=1000)
    pieces: list[int] = []
    while piece := audit.rows(clinic.physician, EVERYTHING, limit=3, before_id=pieces[-1] if pieces else None):
        pieces += [row.id for row in piece]
    assert pieces == [row.id for row in whole]


def test_a_day_of_the_trail_is_the_clinics_day(clinic: OpenClinic) -> None:
    clinic.clock.moment += timedelta(
        hours=13, minutes=30
    )  # half past eleven at night in New York, tomorrow in Greenwich
    late = clinic.patient(family_name="Late")
    today = AuditFilter(patient_id=late, first_day=clinic.today, last_day=clinic.today)
    assert clinic.services.audit.rows(clinic.physician, today)
    tomorrow = clinic.today + timedelta(days=1)
    assert not clinic.services.audit.rows(clinic.physician, AuditFilter(patient_id=late, first_day=tomorrow))


def test_nobody_but_the_manager_reads_the_trail(clinic: OpenClinic) -> None:
    audit = clinic.services.audit
    for refused in (
        lambda: audit.rows(clinic.nurse, EVERYTHING),
        lambda: audit.accesses(clinic.desk, 1),
        lambda: audit.access_list(clinic.nurse, 1),
        lambda: audit.people(clinic.desk),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_log_ins_and_the_wrong_passphrases_before_them_are_noted(clinic: OpenClinic) -> None:
    for _ in range(2):
        with pytest.raises(WrongPassphrase):
            unlock(clinic.settings, "desk", "not the passphrase", clinic.clock)
        clinic.clock.moment += timedelta(minutes=1)
    unlock(clinic.settings, "desk", PASSPHRASE, clinic.clock).database.close()
    clinic.services.audit.closed(clinic.desk, "locked")
    locked, unlocked, refused = clinic.services.audit.rows(clinic.physician, EVERYTHING, limit=3)
    assert (locked.act, locked.who) == ("locked", "Desk")
    assert (unlocked.act, unlocked.who, unlocked.at.minute) == ("unlocked", "Desk", 2)
    assert (refused.act, refused.after["wrong"]) == ("refused", 2)
    assert str(refused.after["last"]).startswith("2026-03-02T15:01")


def test_the_use_of_the_recovery_code_is_noted(clinic: OpenClinic) -> None:
    recover(clinic.settings, clinic.recovery_code, "nurse", "seven quiet herons landing", clinic.clock, cost=CHEAP)
    row = clinic.services.audit.rows(clinic.physician, EVERYTHING, limit=1)[0]
    assert (row.act, row.kind, row.record_id, row.who) == ("changed", "account", clinic.nurse.account_id, "")
    assert row.after == {"passphrase": "set with the recovery code"}


def test_a_wrong_passphrase_at_the_signature_is_noted(clinic: OpenClinic) -> None:
    with pytest.raises(ClinicError):
        clinic.services.identity.confirm(clinic.physician, "certainly not the passphrase")
    latest = clinic.services.audit.rows(clinic.physician, EVERYTHING, limit=1)[0]
    assert (latest.act, latest.kind, latest.record_id) == ("refused", "signature", clinic.physician.account_id)


def test_paper_that_went_out_stands_in_the_trail_of_those_whom_it_is_about(clinic: OpenClinic) -> None:
    audit, patient = clinic.services.audit, clinic.patient()
    clinic.signed(patient, clinic.content(clinic.lot()))
    audit.went_out(
        clinic.desk, clinic.services.day_papers.bound(clinic.desk, clinic.today, {"aftercare", "diary"}), "printed"
    )
    audit.went_out(clinic.nurse, clinic.services.timeline.paper(clinic.nurse, patient), "saved")
    audit.went_out(clinic.desk, clinic.services.schedule_papers.day_list(clinic.desk, clinic.today), "printed")
    audit.exported(clinic.desk, "CSV file", "recall")
    rows = audit.rows(clinic.physician, AuditFilter(kinds=frozenset({"paper", "file"})))
    assert [(row.act, row.after.get("paper"), row.patient_id) for row in rows] == [
        ("exported", None, None),
        ("printed", "day_list", None),
        ("saved", "timeline", patient),
        ("printed", "diary", patient),
        ("printed", "aftercare", patient),
    ]
    assert rows[0].after == {"file": "CSV file", "name": "recall"}


def test_the_access_list_tells_each_person_and_day_once(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    clinic.services.patients.details(clinic.nurse, patient)
    clinic.clock.moment += timedelta(hours=1)
    clinic.signed(patient, clinic.content(clinic.lot()))
    clinic.services.timeline.of_patient(clinic.nurse, patient)
    clinic.clock.moment += timedelta(days=1)
    clinic.services.patients.details(clinic.desk, patient)
    accesses = clinic.services.audit.accesses(clinic.physician, patient)
    assert [(each.first.date().day, each.who) for each in accesses] == [
        (3, "Desk"), (2, clinic.physician.full_name), (2, "Nurse"),
    ]  # fmt: skip
    desk, physician, nurse = accesses
    assert desk.acts == ("looked at the record",)
    assert "signed a visit" in physician.acts
    assert (nurse.first.hour, nurse.last.hour, nurse.roles) == (10, 11, ("nurse",))
    paper = clinic.services.audit.access_list(clinic.physician, patient)
    told = whole_text(paper.render())
    for word in ("Ada Okafor", "Desk", "Nurse", clinic.physician.full_name, "signed a visit"):
        assert word in told
    assert paper.patients == (patient,)
    with pytest.raises(NotFound):
        clinic.services.audit.access_list(clinic.physician, 99)


def test_people_are_all_who_ever_had_an_account(clinic: OpenClinic) -> None:
    assert {name for _, name in clinic.services.audit.people(clinic.physician)} >= {"Desk", "Nurse"}


def test_every_kind_and_act_that_the_trail_can_hold_has_its_words() -> None:
    untold = {"audit_entry", "clinic_file", "commit_mark", "draft_presence", "imported_row"}
    untold |= {"report_month", "report_state", "report_touch", "search_word", "name_part"}
    kinds = {table.name for table in Base.metadata.sorted_tables} - untold
    assert kinds <= set().union(*GROUPS.values())
    for kind in set().union(*GROUPS.values()) - {"paper"}:
        assert "_" not in kind_in_words(kind, {})
    for act in (*ACTS, "signed"):
        assert "_" not in act_in_words(act)
    for group in GROUPS:
        assert "_" not in group_in_words(group)
    assert act_of("changed", "visit", {"digest": "ab"}) == "signed"
    assert act_of("changed", "visit", {"plan": "x"}) == "changed"
    assert act_of("created", "visit", {"digest": "ab", "import_id": 1}) == "created"
    assert done("printed", "paper", {"paper": "visit_note"}) == "printed the visit note"
    assert done("created", "injection", {}) == ""
    assert done("created", "of_a_later_release", {}) == "added of a later release"


def test_every_paper_of_the_program_has_its_words() -> None:
    folder = Path("clinic_app/services")
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    kinds = set(re.findall(r'Paper\(\s*"(\w+)"', source))
    assert len(kinds) > 15
    for kind in kinds:
        assert kind_in_words("paper", {"paper": kind}) != kind.replace("_", " "), kind


def test_an_entry_of_the_program_itself_names_nobody(clinic: OpenClinic) -> None:
    with clinic.store.database.reading() as session:
        nobody = session.scalars(select(AuditEntry).where(AuditEntry.account_id.is_(None))).first()
    assert nobody is not None, "the clinic was set up before anybody could unlock it"
    rows = clinic.services.audit.rows(clinic.physician, EVERYTHING, before_id=nobody.id + 1, limit=1)
    assert rows[0].who == ""
    assert Role.MANAGER in clinic.physician.roles
