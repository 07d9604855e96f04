"""What a patient's record says already, as a bundle is compared with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.models import Diagnosis, DystoniaHistory, PatientEntry, ToxinElsewhere
from clinic_app.services.patient_data import DiagnosisForm, ElsewhereForm, Entry
from clinic_app.typed_text import fold

_AT_ONCE = 500


@dataclass(slots=True)
class LinesOnRecord:
    """The lines of one patient."""

    entries: list[PatientEntry] = field(default_factory=list)
    diagnoses: list[tuple[str, str]] = field(default_factory=list)
    """Indication and ICD-10-CM code, the one of the history as well."""
    elsewhere: list[ToxinElsewhere] = field(default_factory=list)

    def has_entry(self, entry: Entry) -> bool:
        """Whether it stands there under its name. One that is over there and goes on here does not."""
        return any(
            each.kind is entry.kind
            and fold(each.text) == fold(entry.text)
            and (not each.until or entry.until is not None)
            for each in self.entries
        )

    def has_diagnosis(self, diagnosis: DiagnosisForm) -> bool:
        """Whether what is treated stands there; where that is not told, the code."""
        if diagnosis.indication:
            return any(indication == diagnosis.indication for indication, _ in self.diagnoses)
        return any(code == diagnosis.icd10cm for _, code in self.diagnoses)

    def has_elsewhere(self, given: ElsewhereForm) -> bool:
        """Whether toxin of that day and product does."""
        return any((each.given_on, each.product) == (given.given_on, given.product) for each in self.elsewhere)


def lines_of(session: Session, patient_ids: Iterable[int]) -> dict[int, LinesOnRecord]:
    """The lines of many patients, by patient, in few questions."""
    found: dict[int, LinesOnRecord] = {}
    for ids in _parts(sorted(patient_ids)):
        for entry in session.scalars(select(PatientEntry).where(PatientEntry.patient_id.in_(ids))):
            found.setdefault(entry.patient_id, LinesOnRecord()).entries.append(entry)
        for given in session.scalars(select(ToxinElsewhere).where(ToxinElsewhere.patient_id.in_(ids))):
            found.setdefault(given.patient_id, LinesOnRecord()).elsewhere.append(given)
        for kind in (DystoniaHistory, Diagnosis):
            query = select(kind.patient_id, kind.indication, kind.icd10cm).where(kind.patient_id.in_(ids))
            for patient_id, indication, code in session.execute(query):
                found.setdefault(patient_id, LinesOnRecord()).diagnoses.append((indication, code))
    return found


def _parts(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
