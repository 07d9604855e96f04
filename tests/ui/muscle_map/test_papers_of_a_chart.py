"""The draft of the note and the labels of the vials, from the chart that lies open."""

from dataclasses import replace

from clinic_app.services.paper import Paper
from tests.documents.reading import whole_text
from tests.ui.muscle_map.conftest import Desk


def test_the_menu_and_the_key_print_the_chart_as_it_stands(desk: Desk) -> None:
    papers: list[Paper] = []
    desk.view.paper_requested.connect(lambda gather: papers.append(gather()))
    desk.view.print_paper()  # nothing lies open, nothing was signed
    desk.start()
    desk.chart.edit(desk.clinic.content())
    desk.settle()
    desk.view.print_paper()
    entries = {action.text(): action for action in desk.panel._menu.actions()}
    entries["Print draft of the note"].trigger()
    entries["Print vial labels"].trigger()
    assert [paper.kind for paper in papers] == ["draft_note", "draft_note", "vial_label"]
    assert "splenius capitis" in whole_text(papers[0].render())
    assert "Lot C1234" in whole_text(papers[2].render())


def test_a_vial_that_is_ready_offers_its_own_label(desk: Desk) -> None:
    papers: list[Paper] = []
    desk.view.paper_requested.connect(lambda gather: papers.append(gather()))
    desk.start()
    (vial,) = desk.clinic.content().vials
    other = replace(vial, key="v2", lot_number="D5678")
    unmixed = replace(vial, key="v3", lot_number="E1", reconstituted_at=None)
    desk.chart.edit(desk.clinic.content(vials=(vial, other, unmixed)))
    desk.settle()
    cards = desk.panel.vials.cards
    assert [key for key, card in cards.items() if not card.print_label.isHidden()] == ["v1", "v2"]
    cards["v2"].print_label.click()
    (paper,) = papers
    said = whole_text(paper.render())
    assert "Lot D5678" in said and "C1234" not in said
