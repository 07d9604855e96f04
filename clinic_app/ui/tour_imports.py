"""The part of the tour in which old spreadsheets are brought in."""

import json
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QWidget

from clinic_app.exchange.csv_text import csv_text
from clinic_app.services.importing.choices import EACH, OF_PATIENT, Ask
from clinic_app.services.patient_data import PatientForm
from clinic_app.ui.importing.page import ImportPage
from clinic_app.ui.importing.wording import Group
from clinic_app.ui.tour_camera import Camera

_PATIENTS = ("Patient ID", "Surname", "Forename", "DOB", "Sex", "Telephone", "Diagnosis", "Shelf")
_OLD = (
    ("H-0417", "Lindqvist", "Maren", "04/09/1958", "f", "503 555 0141", "cervical dystonia", "B2"),
    ("H-0418", "Abernathy", "Joel", "11/02/1949", "m", "503 555 0162", "blepharospasm", "B2"),
    ("H-0420", "Fontaine", "Odile", "07/05/1971", "f", "503 555 0177", "hemifacial spasm", "B4"),
    ("H-0421", "Sørensen", "Pia", "03/10/1966", "f", "503 555 0118", "writer's cramp", "B4"),
    ("H-0422", "Castellanos", "Rubén", "09/08/1954", "m", "503 555 0129", "cervical dystonia", "C1"),
    ("H-0418", "Wainwright", "Theo", "12/12/1980", "m", "503 555 0190", "cervical dystonia", "C1"),
)
_INJECTIONS = ("Patient ID", "Date", "Muscle", "Side", "Units", "Product", "Lot", "Injected by")
_GIVEN = (
    ("H-0417", "2019-03-14", "L splenius", "", "60", "Botox", "C4410", "Dr. Old"),
    ("H-0417", "2019-03-14", "SCM", "R", "40", "Botox", "C4410", "Dr. Old"),
    ("H-0417", "2019-06-20", "L splenius", "", "70", "BTX-A", "C4588", "Dr. Old"),
    ("H-0417", "2019-06-20", "SCM", "R", "40", "BTX-A", "C4588", "Dr. Old"),
    ("H-0422", "2019-09-26", "splenius capitis", "L", "500", "Botox", "C4790", "Dr. Old"),
    ("H-0422", "2020-01-09", "levator scap", "both", "50", "Botox", "C4991", "Dr. Old"),
    ("H-0422", "2020-04-16", "SCM", "L", "450", "Botox", "C4991", "Dr. Old"),
)
_ANSWERS = {
    (Ask.MUSCLE, "L splenius"): "splenius_capitis",
    (Ask.BOTH_SIDES, ""): EACH,
    (Ask.PRODUCT, "BTX-A"): "onabotulinumtoxinA",
    (Ask.INDICATION, ""): OF_PATIENT,
}


def walk_through_imports(camera: Camera, window: QWidget, page: ImportPage, known: PatientForm) -> None:
    """Bring in patients, one of whom looks like ``known``, and what they were given, until the questions."""
    assert known.birth_date is not None
    again = ("H-0423", known.family_name, known.given_name[:3], known.birth_date.isoformat(), "", "", "", "C1")
    wizard = page.wizard
    with tempfile.TemporaryDirectory() as folder:
        patients, injections = Path(folder) / "patients of before.csv", Path(folder) / "injections 2019.csv"
        patients.write_text(csv_text(_PATIENTS, (*_OLD, again)), encoding="utf-8")
        injections.write_text(csv_text(_INJECTIONS, _GIVEN), encoding="utf-8")
        page.open_file(str(patients))
        camera.take("import-file", window)
        wizard.go_on()
        camera.take("import-columns", window)
        month_first = wizard.columns.orders.buttons.get("mdy")
        if month_first is not None:
            month_first.click()
            camera.settle()
        wizard.go_on()
        camera.settle()
        if wizard.step is wizard.questions:
            wizard.go_on()
        camera.take("import-rows", window)
        wizard.go_on()
        camera.take("import-done", window)
        wizard.done.back_button.click()
        camera.settle()
        page.open_file(str(injections))
        camera.settle()
        wizard.go_on()
        camera.settle()
        wizard.go_on()
        camera.take("import-questions", window)
        for (ask, text), answer in _ANSWERS.items():
            wizard.work.answer(ask, text, answer)
            camera.settle()
        wizard.go_on()
        camera.take("import-warnings", window)
        wizard.ask_to_leave()
        wizard.notice.first.click()
        camera.settle()
        bundle = Path(folder) / "from the hospital.json"
        bundle.write_text(json.dumps(_bundle(known)), encoding="utf-8")
        page.open_file(str(bundle))
        camera.take("import-bundle", window)
        wizard.go_on()
        camera.take("import-bundle-rows", window)
        wizard.rows.segments.by_group[Group.ALL].click()
        wizard.rows.table.select(next(each for each in wizard.rows.table.rows_model.rows() if each.remarks))
        camera.take("import-bundle-patient", window)
        wizard.ask_to_leave()
        camera.settle()
        camera.take("imports", window)


def _bundle(known: PatientForm) -> dict[str, object]:
    """What a hospital's program writes of somebody new and of somebody who is on record."""

    def of(number: str, kind: str, whose: str, **said: object) -> dict[str, object]:
        return {"resource": {"resourceType": kind, whose: {"reference": f"Patient/{number}"}, **said}}

    def patient(number: str, family: str, given: str, born: str, **said: object) -> dict[str, object]:
        name = [{"family": family, "given": given.split()}]
        return {"resource": {"resourceType": "Patient", "id": number, "name": name, "birthDate": born, **said}}

    entries = [
        patient(
            "1",
            "Lindqvist",
            "Maja Elin",
            "1974-09-03",
            identifier=[{"type": {"coding": [{"code": "MR"}]}, "value": "K-20417"}],
            gender="female",
            telecom=[{"system": "phone", "value": "555-0142"}],
            maritalStatus={"text": "married"},
        ),
        of("1", "Condition", "subject", code={"text": "Asthma"}, onsetDateTime="1986"),
        of("1", "AllergyIntolerance", "patient", code={"text": "Penicillin"}, onsetDateTime="2001-05"),
        of("1", "MedicationStatement", "subject", status="active", medicationCodeableConcept={"text": "Warfarin"}),
        patient("2", known.family_name, known.given_name, str(known.birth_date)),
        of("2", "AllergyIntolerance", "patient", code={"text": "Latex"}),
        patient("3", "Abara", "Chi", "1958-01-30", deceasedBoolean=True),
        of("3", "Procedure", "subject", status="completed"),
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}
