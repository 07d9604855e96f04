"""Papers of a visit that is still being charted: the note as a draft, and the labels of its vials."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Account, Patient
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.findings import Level
from clinic_app.rules.names import product_name
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.answers import signers
from clinic_app.services.chart_data import ChartContent, ChartVial
from clinic_app.services.charting import Charted, ReadVial, Said, answered, counting
from clinic_app.services.clinics import clinic_facts
from clinic_app.services.letterheads import identity_of, letterhead_and_edition
from clinic_app.services.paper import Paper
from clinic_app.services.papers import Papers
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.visit_data import GivenInjection, SignedAnswer, UsedVial, VisitDetails

if TYPE_CHECKING:
    from clinic_app.documents.letterhead import PatientIdentity
    from clinic_app.documents.vial_label import VialLabel

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a signature would tell its moment; a note without a digest prints none."""


class DraftPapers:
    """What is printed before the signature. Nothing of it is kept: the record begins with the signature."""

    def __init__(self, database: Database, reference: Reference, papers: Papers, records: RecordAccess) -> None:
        self._database = database
        self._records = records
        self._reference = reference
        self._papers = papers

    def note(self, actor: Actor, patient_id: int, content: ChartContent, charted: Charted) -> Paper:
        """The note as the chart stands, with DRAFT across each page, and the checks that a signature would wait for."""
        require(actor, Act.PRINT_NOTE)
        self._records.enter(actor, patient_id)
        from clinic_app.documents.visit_content import NoteCheck
        from clinic_app.documents.visit_note import visit_note_document

        with self._database.reading() as session:
            names = dict(row for row in session.execute(select(Account.id, Account.full_name)))
            waiting = _waiting(charted, content, signers(session))
            settled = replace(charted, findings=tuple(said for said in charted.findings if said not in waiting))
            note = self._papers.note_of(session, self._details(patient_id, content, settled, names))
        note = replace(note, checks=(*note.checks, *(NoteCheck("Open", said.sentence) for said in waiting)))
        name = f"visit-note-draft-{content.visited_on}"
        documents = (partial(visit_note_document, note),)
        return Paper("draft_note", "Draft of the visit note", name, documents, patients=(patient_id,))

    def labels(self, actor: Actor, patient_id: int, content: ChartContent, charted: Charted, only: str = "") -> Paper:
        """A label for each vial with a lot that is ready to draw from, or ``only`` for the one with this key.

        Raises ClinicError when there is none.
        """
        require(actor, Act.DRAFT_CHART)
        self._records.enter(actor, patient_id)
        from clinic_app.documents.vial_label import VialLabel, vial_label_document

        with self._database.reading() as session:
            region = clinic_facts(session).label_region.value
            clinic, edition = letterhead_and_edition(session)
            patient = _short_identity(session.get_one(Patient, patient_id))

        def label(vial: ChartVial, read: ReadVial) -> "VialLabel":
            return VialLabel(
                product=product_name(self._reference, vial.product, region),
                lot=vial.lot_number,
                expires_on=vial.expires_on,
                size_units=read.size_units,
                diluent=vial.diluent,
                diluent_ml=read.diluent_ml or None,
                units_per_tenth_ml=self._per_tenth(vial, read),
                mixed_at=vial.reconstituted_at,
                use_by=read.use_by if read.use_by_verified else None,
                patient=patient,
                clinic=clinic.name,
                edition=edition,
            )

        made = [
            label(vial, read)
            for vial, read in zip(content.vials, charted.vials, strict=True)
            if only in ("", vial.key) and vial.lot_number.strip() and vial.size_units and self._ready(vial)
        ]
        if not made:
            raise ClinicError("no_vial_to_label")
        documents = tuple(partial(vial_label_document, each) for each in made)
        return Paper(
            "vial_label", "Vial labels", f"vial-labels-{content.visited_on}", documents, patients=(patient_id,)
        )

    def _ready(self, vial: ChartVial) -> bool:
        known = self._reference.products.get(vial.product)
        return vial.reconstituted_at is not None or (known is not None and known.ready_to_use)

    def _contents_ml(self, vial: ChartVial, read: ReadVial) -> Decimal:
        """The mL in the vial: a ready-made solution is more than what was added to it."""
        known = self._reference.products.get(vial.product)
        contents = known.contents_ml(read.size_units, read.diluent_ml) if known is not None else None
        return read.diluent_ml if contents is None else contents

    def _per_tenth(self, vial: ChartVial, read: ReadVial) -> Decimal | None:
        contents = self._contents_ml(vial, read)
        return read.size_units / contents / 10 if contents else None

    def _details(self, patient_id: int, content: ChartContent, charted: Charted, names: dict[int, str]) -> VisitDetails:
        lots = {vial.key: (vial.lot_number, vial.product) for vial in content.vials}
        return VisitDetails(
            id=0,
            patient_id=patient_id,
            visited_on=content.visited_on,
            injector=names.get(content.injector_id, ""),
            indication=content.indication,
            icd10cm=content.icd10cm,
            assessment=content.assessment,
            consent=content.consent,
            complications=content.complications,
            codes=content.codes or (),
            plan=content.plan,
            interval_weeks=content.interval_weeks,
            signed_by="",
            signed_at=_NEVER,
            digest="",
            vials=tuple(
                UsedVial(
                    vial.product, vial.lot_number, vial.expires_on, read.size_units, vial.diluent, read.diluent_ml,
                    vial.reconstituted_at, read.given, read.wasted, vial.waste_reason,
                    names.get(vial.witness_id or 0, ""), vial.serial, self._contents_ml(vial, read),
                )
                for vial, read in zip(content.vials, charted.vials, strict=True)
            ),
            injections=tuple(
                GivenInjection(
                    line.muscle, line.side, units, volume or Decimal(0), lots.get(line.vial, ("", content.product))[1],
                    lots.get(line.vial, ("", ""))[0], line.guidance, line.points, shares, line.indication, line.note,
                )
                for line, units, volume, shares in zip(
                    content.lines, charted.units, charted.volumes_ml, charted.point_units, strict=True
                )
            ),
            scores=tuple((score.scale, score.subscale, value) for score, value in charted.scores),
            answers=tuple(
                SignedAnswer(said.check, said.level.value, said.sentence, said.reason, said.by)
                for said in answered(charted, content.answers)
            ),
            addenda=(),
            response=None,
        )  # fmt: skip


def _short_identity(patient: Patient) -> "PatientIdentity":
    """Family name and initial, for what lies about in a room."""
    initial = f"{patient.given_name.strip()[:1]}." if patient.given_name.strip() else ""
    return replace(identity_of(patient), name=f"{patient.family_name} {initial}".strip())


def _waiting(charted: Charted, content: ChartContent, may_override: Collection[int]) -> tuple[Said, ...]:
    """The findings without an answer, or with one that does not count any more."""
    return tuple(
        said
        for said in charted.findings
        if said.level is not Level.INFO and counting(said, content.answers, may_override) is None
    )
