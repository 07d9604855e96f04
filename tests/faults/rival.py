"""One of two programs that want the same at once: ``python -m tests.faults.rival FOLDER NAME PATIENT DRAFT LOT``.

Says "ready" when the clinic is open, begins at a line of input, and at the end tells as JSON what it got and was told.
"""

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.reference import load_reference
from clinic_app.services.schedule_data import Booking
from clinic_app.settings import Settings
from tests.clinics import sign
from tests.faults.scripted import free_place
from tests.faults.workplace import enter
from tests.services.booking import REVIEW

PLACES = 20
NOTES = 20


def main() -> None:
    """Book every place, write into the one chart, receive vials, sign: as fast as it goes."""
    folder, name = sys.argv[1:3]
    patient, draft_id, lot = map(int, sys.argv[3:])
    clinic = enter(Settings(data=Path(folder)), load_reference())
    services, physician = clinic.services, clinic.physician
    booked, told = [], Counter[str]()
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(max(PLACES, NOTES)):
        try:
            place = Booking(patient, physician.account_id, REVIEW, free_place(number), 30)
            booked.append((number, services.schedule.book(clinic.desk, place)))
        except ClinicError as error:
            told[error.code] += 1
        while True:
            draft = services.charts.open(clinic.nurse, draft_id)
            content = replace(draft.content, plan=f"{draft.content.plan} {name}{number}")
            try:
                services.charts.keep(clinic.nurse, draft_id, draft.version, content)
                break
            except RecordChanged as error:
                told[error.code] += 1
        clinic.lot(vials=1)
    try:
        own = services.charts.start(physician, patient)
        visit = sign(services, physician, own, clinic.content(lot), "discussed")
    finally:
        clinic.store.database.close()
    print(json.dumps({"booked": booked, "told": told, "visit": visit}), flush=True)


if __name__ == "__main__":
    main()
