"""The papers of a day in one file, patient by patient."""

from datetime import date

import pytest

from clinic_app.errors import ClinicError, NotAllowed, WorkStopped
from clinic_app.services.day_papers import offered_kinds
from clinic_app.services.paper import WentOut
from tests.documents.reading import page_texts
from tests.services.conftest import OpenClinic

EVERYTHING = ("visit_note", "aftercare", "diary")


def day_of_two(clinic: OpenClinic) -> list[int]:
    visits = [clinic.signed(clinic.patient(family_name=name)) for name in ("Okafor", "Lindqvist")]
    clinic.clock.forward(minutes=5)
    clinic.services.charts.start(clinic.physician, clinic.patient(family_name="Waiting"))  # never signed
    return visits


def test_each_patient_s_papers_lie_together_and_count_their_own_pages(clinic: OpenClinic) -> None:
    day_of_two(clinic)
    paper = clinic.services.day_papers.bound(clinic.physician, clinic.today, EVERYTHING)
    pages = page_texts(paper.render())

    firsts = [page for page in pages if "Page 1 of" in page]
    assert len(firsts) == 6
    assert ["Okafor" in page for page in firsts] == [True] * 3 + [False] * 3
    assert [
        next(kind for kind in ("Visit note", "Your diary", "After your injections") if kind in page) for page in firsts
    ] == ["Visit note", "After your injections", "Your diary"] * 2
    assert not any("Waiting" in page for page in pages)
    assert [each.kind for each in paper.papers] == list(EVERYTHING) * 2


def test_what_went_out_is_counted_and_left_out_when_only_new_is_wanted(clinic: OpenClinic) -> None:
    first, second = day_of_two(clinic)
    note = clinic.services.papers.visit_note(clinic.physician, first)
    clinic.services.kept_papers.keep(clinic.physician, note, note.render(), WentOut.PRINTED)

    offer = clinic.services.day_papers.offer(clinic.physician, clinic.today)
    paper = clinic.services.day_papers.bound(clinic.physician, clinic.today, ["visit_note"], only_new=True)

    assert (offer.visits, offer.went_out) == (2, {"visit_note": 1, "aftercare": 0, "diary": 0})
    assert [each.of_visit for each in paper.papers] == [second]
    note = clinic.services.papers.visit_note(clinic.physician, second)
    clinic.services.kept_papers.keep(clinic.physician, note, note.render(), WentOut.SAVED)
    with pytest.raises(ClinicError) as refused:
        clinic.services.day_papers.bound(clinic.physician, clinic.today, ["visit_note"], only_new=True)
    assert refused.value.code == "nothing_to_print"


def test_an_empty_day_says_that_there_is_nothing_to_print(clinic: OpenClinic) -> None:
    assert clinic.services.day_papers.offer(clinic.desk, date(2026, 3, 1)).visits == 0
    with pytest.raises(ClinicError) as refused:
        clinic.services.day_papers.bound(clinic.desk, date(2026, 3, 1), ["aftercare"])
    assert refused.value.code == "nothing_to_print"


def test_the_front_desk_prints_handouts_and_no_notes(clinic: OpenClinic) -> None:
    day_of_two(clinic)
    assert offered_kinds(clinic.desk) == ("aftercare", "diary")
    assert offered_kinds(clinic.physician) == EVERYTHING
    with pytest.raises(NotAllowed):
        clinic.services.day_papers.bound(clinic.desk, clinic.today, EVERYTHING)


def test_the_work_is_told_step_by_step_and_ends_where_nobody_waits(clinic: OpenClinic) -> None:
    day_of_two(clinic)
    told: list[tuple[int, int]] = []
    paper = clinic.services.day_papers.bound(
        clinic.physician, clinic.today, ["aftercare"], step=lambda done, of: told.append((done, of))
    )
    paper.render(lambda done, of: told.append((done, of)))
    assert told == [(0, 2), (1, 2)] * 2

    def stop(done: int, of: int) -> None:
        if done:
            raise WorkStopped("work_stopped")

    with pytest.raises(WorkStopped):
        paper.render(stop)
    assert paper.render()[:4] == b"%PDF"  # what was stopped leaves nothing behind
