"""What went out for a signed visit stays in the record as the very file."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from clinic_app.errors import ClinicError, NotAllowed, NotFound
from clinic_app.models import AuditEntry, KeptFile
from clinic_app.services.clinics import LetterheadForm
from clinic_app.services.paper import WentOut
from tests.documents.reading import whole_text
from tests.services.conftest import OpenClinic


def test_a_printed_note_is_kept_with_its_digest_and_opened_again_as_it_was(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    paper = clinic.services.papers.visit_note(clinic.physician, clinic.signed(patient))
    pdf = paper.render()
    kept_id = clinic.services.kept_papers.keep(clinic.physician, paper, pdf, WentOut.PRINTED)
    assert kept_id is not None
    clinic.services.clinics.set_letterhead(clinic.physician, _named(clinic, "Another Name"))

    (row,) = clinic.services.kept_papers.of_patient(clinic.physician, patient)
    again = clinic.services.kept_papers.again(clinic.physician, kept_id, "Visit note")

    assert (row.kind, row.way, row.by) == ("visit_note", WentOut.PRINTED, clinic.physician.full_name)
    assert row.digest == hashlib.sha256(pdf).hexdigest()
    assert again.render() == pdf
    assert "Another Name" not in whole_text(again.render())


def test_the_same_content_is_the_same_file_and_is_kept_once(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    visit = clinic.signed(patient)
    for way in (WentOut.PRINTED, WentOut.SAVED, WentOut.PRINTED):
        paper = clinic.services.papers.visit_note(clinic.physician, visit)
        clinic.services.kept_papers.keep(clinic.physician, paper, paper.render(), way)
        clinic.clock.forward(minutes=5)

    rows = clinic.services.kept_papers.of_patient(clinic.physician, patient)
    with clinic.store.database.reading() as session:
        files = session.scalar(select(func.count()).select_from(KeptFile))

    assert [row.way for row in rows] == [WentOut.PRINTED, WentOut.SAVED, WentOut.PRINTED]
    assert rows[0].at > rows[1].at > rows[2].at
    assert files == 1


def test_what_is_of_no_signed_visit_is_not_kept(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    diary = clinic.services.papers.diary(clinic.desk, clinic.signed(patient))
    assert clinic.services.kept_papers.keep(clinic.desk, diary, diary.render(), WentOut.PRINTED) is None
    assert clinic.services.kept_papers.of_patient(clinic.desk, patient) == ()


def test_the_front_desk_neither_keeps_nor_opens_a_note_but_its_handouts(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    visit = clinic.signed(patient)
    kept = clinic.services.kept_papers
    note = clinic.services.papers.visit_note(clinic.physician, visit)
    note_id = kept.keep(clinic.physician, note, note.render(), WentOut.PRINTED)
    sheet = clinic.services.papers.aftercare(clinic.desk, visit)
    sheet_id = kept.keep(clinic.desk, sheet, sheet.render(), WentOut.SAVED)
    assert note_id is not None and sheet_id is not None

    assert [row.kind for row in kept.of_patient(clinic.desk, patient)] == ["aftercare"]
    assert "After your injections" in whole_text(kept.again(clinic.desk, sheet_id, "Aftercare").render())
    with pytest.raises(NotAllowed):
        kept.again(clinic.desk, note_id, "Visit note")
    with pytest.raises(NotAllowed):
        kept.keep(clinic.desk, note, note.render(), WentOut.PRINTED)


def test_a_file_that_was_changed_in_the_store_is_not_shown_as_the_one_that_went_out(clinic: OpenClinic) -> None:
    paper = clinic.services.papers.visit_note(clinic.physician, clinic.signed(clinic.patient()))
    kept_id = clinic.services.kept_papers.keep(clinic.physician, paper, paper.render(), WentOut.PRINTED)
    assert kept_id is not None
    with clinic.behind_the_program() as connection:
        connection.execute(update(KeptFile).values(content=b"%PDF-"))
    with pytest.raises(ClinicError) as refused:
        clinic.services.kept_papers.again(clinic.physician, kept_id, "Visit note")
    assert refused.value.code == "kept_paper_damaged"


def test_what_is_not_there_is_told(clinic: OpenClinic) -> None:
    with pytest.raises(NotFound):
        clinic.services.kept_papers.again(clinic.physician, 77, "Visit note")
    paper = clinic.services.papers.visit_note(clinic.physician, clinic.signed(clinic.patient()))
    with pytest.raises(NotFound):
        clinic.services.kept_papers.keep(clinic.physician, replace(paper, of_visit=77), b"%PDF", WentOut.PRINTED)


def test_the_audit_trail_tells_of_the_file_without_holding_it(clinic: OpenClinic) -> None:
    paper = clinic.services.papers.visit_note(clinic.physician, clinic.signed(clinic.patient()))
    clinic.services.kept_papers.keep(clinic.physician, paper, paper.render(), WentOut.PRINTED)
    with clinic.store.database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.kind == "kept_file"))
        (about,) = session.scalars(select(AuditEntry).where(AuditEntry.kind == "kept_paper"))
    assert entry.after["content"] == "set"
    assert about.after["way"] == "printed"


def _named(clinic: OpenClinic, name: str) -> LetterheadForm:
    return replace(clinic.services.clinics.letterhead(), name=name)
