"""What another program commits is heard, on a server as in a file; what one commits oneself is not told twice."""

from pathlib import Path

from clinic_app.models.data_key import DataKey
from clinic_app.reference import Reference
from clinic_app.services.listening import Listening
from clinic_app.services.local_drafts import LocalDraft, LocalDrafts
from tests.faults.workplace import enter
from tests.services.conftest import OpenClinic
from tests.waiting import until


def test_others_are_heard_and_oneself_is_not(clinic: OpenClinic, reference: Reference) -> None:
    other, heard = enter(clinic.settings, reference), list[frozenset[str]]()
    listening = Listening(clinic.store.database, heard.append, lambda: None)
    listening.begin()
    until(lambda: listening.listens)
    clinic.lot()
    other.patient()
    until(lambda: any("patient" in kinds for kinds in heard))
    assert not any("lot" in kinds for kinds in heard)
    listening.end()
    assert not listening.listens
    other.lot(number="C2")
    listening.begin()
    # What happened while nobody listened is told at once.
    until(lambda: any("lot" in kinds for kinds in heard))
    listening.end()
    other.store.close()


def test_it_ends_and_begins_again_with_a_clinic_that_is_locked(clinic: OpenClinic) -> None:
    key = clinic.store.data_key
    listening = Listening(clinic.store.database, lambda _: None, lambda: None)
    for _ in range(2):
        listening.begin()
        until(lambda: listening.listens)
        listening.end()
        clinic.store.lock()
        clinic.store.key.hold(key)
    clinic.patient()


def test_a_chart_that_waits_on_a_workstation_is_saved_or_waits_for_a_choice(clinic: OpenClinic, tmp_path: Path) -> None:
    here = LocalDrafts(tmp_path / "drafts", clinic.store.key)
    charts, physician = clinic.services.charts, clinic.physician
    patient = clinic.patient()
    drafts = [charts.start(physician, patient) for _ in range(3)]
    for number, draft in enumerate(drafts):
        typed = clinic.content(plan=f"Typed {number}")
        here.keep(physician, draft.id, LocalDraft(patient, draft.version, draft.content, typed))
    plain = b"".join(file.read_bytes() for file in (tmp_path / "drafts").iterdir())
    assert b"Typed" not in plain
    charts.keep(physician, drafts[1].id, drafts[1].version, clinic.content(plan="Somebody else's"))
    charts.discard(physician, drafts[2].id, drafts[2].version)
    assert here.waiting(physician) == tuple(sorted(draft.id for draft in drafts))
    assert here.save_waiting(physician, charts) == (2, 1)
    assert here.waiting(physician) == (drafts[1].id,)
    assert charts.open(physician, drafts[0].id).content.plan == "Typed 0"
    assert charts.open(physician, drafts[1].id).content.plan == "Somebody else's"
    kept = here.read(physician, drafts[1].id)
    assert kept is not None
    assert kept.content.plan == "Typed 1"
    assert kept.base == drafts[1].content
    # What was discarded elsewhere comes back as a chart of its own.
    plans = {charts.open(physician, row.id).content.plan for row in charts.drafts(physician)}
    assert "Typed 2" in plans


def test_a_waiting_chart_opens_for_nobody_else_and_spoiled_it_is_none(clinic: OpenClinic, tmp_path: Path) -> None:
    here = LocalDrafts(tmp_path / "drafts", clinic.store.key)
    draft = clinic.services.charts.start(clinic.physician, clinic.patient())
    here.keep(clinic.physician, draft.id, LocalDraft(draft.patient_id, 1, draft.content, clinic.content()))
    assert here.read(clinic.nurse, draft.id) is None
    assert LocalDrafts(tmp_path / "drafts", DataKey(bytes(32))).read(clinic.physician, draft.id) is None
    (file,) = (tmp_path / "drafts").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    # Under another name it is nobody's.
    file.rename(file.with_name(file.name.replace(f"-{draft.id}.", f"-{draft.id + 1}.")))
    assert here.read(clinic.physician, draft.id + 1) is None
    here.keep(clinic.physician, draft.id, LocalDraft(draft.patient_id, 1, draft.content, clinic.content()))
    content = file.read_bytes()
    for spoiled in (b"", content[:20], content[:-1], bytes([content[0] ^ 1]) + content[1:]):
        file.write_bytes(spoiled)
        assert here.read(clinic.physician, draft.id) is None
    here.forget(clinic.physician, draft.id)
    here.forget(clinic.physician, draft.id)
