"""A FHIR bundle goes through the same steps as a table, but nothing is asked about columns."""

from clinic_app.services.importing.preview import Outcome
from clinic_app.ui.importing.wording import Group
from clinic_app.ui.widgets.notes import Note
from tests.exchange.fhir.resources import Resource, anna, bundle, of_anna
from tests.ui.importing.conftest import ImportDesk

ADA = {"identifier": None, "name": [{"family": "Okafor", "given": ["Ada"]}], "birthDate": "1961-03-12"}
"""As she stands on record, without her number."""
PENICILLIN = of_anna("AllergyIntolerance", code={"text": "Penicillin"})


def open_bundle(desk: ImportDesk, *resources: Resource) -> None:
    desk.open(desk.write("others.json", bundle(*resources)))


def test_its_patients_are_looked_at_and_come_in(desk: ImportDesk) -> None:
    open_bundle(desk, anna(photo=[{"url": "x"}]), PENICILLIN, of_anna("Observation", status="final"))
    assert not desk.wizard.file.kind.isVisible()
    assert not desk.wizard.file.encoding.isVisible()
    assert "A FHIR bundle" in desk.wizard.file.shown.text()
    desk.go_on()
    assert desk.step() == "Rows"
    assert [button.isEnabled() for button in desk.wizard.step_list.buttons] == [True, False, False, True, False]
    facts = dict(desk.wizard.rows.panel.values.facts())
    assert (facts["Allergies"], facts["Birth date"]) == ("Penicillin", "28 Feb 1970")
    assert "Medicines" not in facts
    assert "Never brought in: Observation (1)." in desk.wizard.rows.summary.text()
    assert desk.wizard.next.text() == "Bring in 1 row"
    desk.go_on()
    assert desk.records() == {"A1", "A2", "77"}


def test_back_from_the_rows_leads_to_the_file(desk: ImportDesk) -> None:
    open_bundle(desk, anna())
    desk.go_on()
    desk.wizard.back.click()
    assert desk.step() == "File"


def test_the_same_person_gets_what_the_record_lacks(desk: ImportDesk) -> None:
    open_bundle(desk, anna(**ADA), PENICILLIN)
    desk.go_on()
    panel = desk.wizard.rows.panel
    (same, _, _) = panel.decision.buttons.values()
    assert same.accessibleDescription().startswith("What the record lacks is added")
    assert not desk.wizard.next.isEnabled()
    same.click()
    desk.settle()
    (verdict,) = desk.verdicts()
    assert verdict.outcome is Outcome.JOINS
    desk.wizard.rows.show_group(Group.JOINS)
    desk.settle()
    assert "Added to the record: allergy Penicillin." in [note.text() for note in panel.findChildren(Note)]
    desk.go_on()
    assert desk.step() == "Done"
    (row,) = desk.clinic.services.patients.search(desk.clinic.actor, "A1")
    form = desk.clinic.services.patients.details(desk.clinic.actor, row.id).form
    assert [entry.text for entry in form.entries] == ["Penicillin"]


def test_a_file_that_is_no_bundle_is_told_at_the_place(desk: ImportDesk) -> None:
    desk.open(desk.write("half.json", bundle(anna())[:-9]))
    assert not desk.wizard.isVisible()
    assert "was cut off" in desk.page.area.problem.text()
