"""Letters to other doctors, drawn from what was signed."""

from functools import partial
from typing import TYPE_CHECKING

from clinic_app.errors import ClinicError
from clinic_app.models import Patient
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.names import indication_name, product_name
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clinics import clinic_facts
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.paper import Paper
from clinic_app.services.papers import Papers
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.visit_data import GivenInjection
from clinic_app.services.visits import visit_details

if TYPE_CHECKING:
    from clinic_app.documents.referral_letter import LetterInjection


class Letters:
    """The letters of a visit."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        time_zone: str,
        reference: Reference,
        papers: Papers,
        records: RecordAccess,
    ) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference
        self._papers = papers

    def referral_letter(self, actor: Actor, visit_id: int) -> Paper:
        """The letter to the referring doctor about a signed visit; without one, to whom it may concern.

        Raises NotFound: what is not signed is no visit yet; and ClinicError for a visit that was brought in.
        """
        require(actor, Act.PRINT_NOTE)
        self._records.enter_of_visit(actor, visit_id)
        from clinic_app.documents.referral_letter import ReferralLetter, referral_letter_document

        with self._database.reading() as session:
            visit = visit_details(session, visit_id, self._reference)
            note = self._papers.note_of(session, visit)
            to = session.get_one(Patient, visit.patient_id).referring_doctor
            region = clinic_facts(session).label_region.value
        assert note.signature is not None  # a visit on record is signed
        if note.brought_in is not None:
            raise ClinicError("brought_in_without_letter")
        letter = ReferralLetter(
            clinic=note.clinic,
            patient=note.patient,
            to=to,
            written_on=local_today(self._clock, self._time_zone),
            visited_on=note.visited_on,
            injector=note.injector,
            indication=indication_name(self._reference, visit.indication),
            signature=note.signature,
            injections=tuple(self._given(given, region) for given in visit.injections),
            totals=note.totals,
            icd10cm=note.icd10cm,
            response=note.response,
            assessment=note.assessment,
            scale_totals=note.scale_totals,
            complications=note.complications,
            plan=note.plan,
            next_interval=note.next_interval,
            next_visit=note.next_visit,
            corrections=note.addenda,
            edition=note.edition,
        )
        return Paper(
            "referral_letter",
            "Letter to the referring doctor",
            f"referral-letter-{visit.visited_on}",
            (partial(referral_letter_document, letter),),
            visit_id,
        )

    def _given(self, given: GivenInjection, region: str) -> "LetterInjection":
        from clinic_app.documents.referral_letter import LetterInjection

        return LetterInjection(
            muscle=self._reference.muscle(given.muscle).name,
            side=given.side.value,
            units=given.units,
            product=product_name(self._reference, given.product, region),
            reason=f"for {indication_name(self._reference, given.indication)}" if given.indication else "",
        )
