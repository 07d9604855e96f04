"""What stands at the head of every paper: whose it is, whom it is about, and in which language and form."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from clinic_app.languages import paper_language
from clinic_app.models import Patient
from clinic_app.services.clinics import ClinicFacts, clinic_facts
from clinic_app.services.logos import logo_of

if TYPE_CHECKING:
    from clinic_app.documents.letterhead import Clinic, PatientIdentity
    from clinic_app.documents.page import Edition


def letterhead_and_edition(session: Session) -> "tuple[Clinic, Edition]":
    """Whose paper it is, and how it is printed."""
    clinic = clinic_facts(session)
    return letterhead_of(session, clinic), edition_of(clinic)


def letterhead_of(session: Session, clinic: ClinicFacts) -> "Clinic":
    """Whose paper it is."""
    from clinic_app.documents.letterhead import Clinic

    return Clinic(clinic.name, tuple(clinic.address.splitlines()), clinic.phone, logo_of(session))


def identity_of(patient: Patient) -> "PatientIdentity":
    """Whom a paper is about."""
    from clinic_app.documents.letterhead import PatientIdentity

    name = f"{patient.given_name} {patient.family_name}".strip()
    return PatientIdentity(name, patient.birth_date, patient.record_number)


def edition_of(clinic: ClinicFacts) -> "Edition":
    """How the clinic's own papers are printed."""
    from clinic_app.documents.page import Edition
    from clinic_app.documents.wording import locale_in

    language, _, country = clinic.language.replace("-", "_").partition("_")
    locale = locale_in(language, country or clinic.country)
    return Edition(clinic.paper_size.value, "en", locale, clinic.country)


def patients_edition(edition: "Edition", told: str) -> "Edition":
    """How a patient's papers are printed: in the language told in the record, else in the clinic's.

    The clinic's own papers have its dates in words of the window, so its language is that of its locale.
    """
    return edition.speaking(paper_language(told, edition.locale))
