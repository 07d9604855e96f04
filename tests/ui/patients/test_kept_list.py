"""What went out for a patient is listed and opened as the very file."""

from collections.abc import Callable

from clinic_app.services.paper import Printable, WentOut
from tests.documents.reading import whole_text
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Sit


def test_a_note_that_went_out_stands_there_at_once_and_opens_as_it_was(sit: Sit, clinic: Clinic) -> None:
    screen, okafor = sit(clinic), clinic.patient()
    visit = clinic.visit(okafor)
    opened: list[Printable] = []
    screen.view.paper_requested.connect(lambda gather: opened.append(gather()))
    screen.show(okafor, "documents")
    kept = screen.view.page.papers.kept
    assert kept.table.rows_model.rowCount() == 0
    assert not kept.open_button.isEnabled()
    paper = clinic.services.papers.visit_note(clinic.actor, visit)
    pdf = paper.render()
    clinic.services.kept_papers.keep(clinic.actor, paper, pdf, WentOut.PRINTED)
    screen.settle()
    (row,) = kept.table.rows_model.rows()
    kept.table.select(row)
    kept.open_button.click()
    assert opened[0].render() == pdf
    assert opened[0].title == "Visit note"
    assert opened[0].papers == ()
    texts = [column.text(row) for column in kept.table.rows_model.columns]
    assert texts[1:3] == ["Visit note", "printed"]


def test_the_front_desk_sees_handouts_that_went_out_and_no_notes(
    sit: Sit, open_clinic: Callable[[str], Clinic]
) -> None:
    physician = open_clinic("ruth")
    okafor = physician.patient()
    visit = physician.visit(okafor)
    services, actor = physician.services, physician.actor
    for paper in (services.papers.visit_note(actor, visit), services.papers.aftercare(actor, visit)):
        services.kept_papers.keep(actor, paper, paper.render(), WentOut.SAVED)
    screen = sit(open_clinic("rosa"))
    screen.show(okafor, "documents")
    (row,) = screen.view.page.papers.kept.table.rows_model.rows()
    assert row.kind == "aftercare"
    file = screen.workplace.services.kept_papers.again(screen.workplace.actor, row.id, "Aftercare handout")
    assert "After your injections" in whole_text(file.render())
