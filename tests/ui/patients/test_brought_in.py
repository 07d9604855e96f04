"""A visit that was brought in from a file says so wherever it stands."""

from PySide6.QtWidgets import QLabel

from clinic_app.services.importing.choices import ImportChoices
from clinic_app.services.importing.files import read_file
from clinic_app.terms import ImportKind
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Sit

FILE = "MRN,Date,Muscle,Side,Dose,Toxin,Lot,Indication\nA1,2024-05-06,splenius capitis,R,60,Botox,C77,CD\n"


def test_the_visit_and_its_line_tell_the_file_and_nothing_that_nobody_knows(clinic: Clinic, sit: Sit) -> None:
    patient = clinic.patient(record_number="A1")
    file = read_file("Old list.csv", FILE.encode())
    clinic.services.imports.bring_in(clinic.actor, file, ImportChoices(ImportKind.INJECTIONS))
    screen = sit(clinic)
    screen.show(patient, "visits")
    page = screen.view.page.visits
    (row,) = page.table.rows_model.rows()
    assert row.brought_in
    visit = page.visit
    assert "Brought in from Old list.csv" in visit.signature.text()
    assert "not signed in this program" in visit.signature.text()
    assert not visit.letter_button.isEnabled()
    told = " ".join(label.text() for label in visit.findChildren(QLabel))
    for words in ("expiry not known", "size not known", "dilution not known", "waste not known"):
        assert words in told
