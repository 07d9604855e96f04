"""``clinic-app init``: a clinic without the window."""

import argparse

from clinic_app.errors import ClinicError
from clinic_app.services.clock import system_clock
from clinic_app.services.stores import NewClinic, set_up
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role

# Countries that print on Letter; the rest of the world prints on A4.
LETTER_COUNTRIES = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "VE", "PR"})


def set_up_clinic(settings: Settings, parsed: argparse.Namespace) -> int:
    """Set the clinic up and print its recovery code on standard output. Raises ClinicError."""
    if settings.passphrase is None:
        raise ClinicError("passphrase_missing", field="passphrase")
    country = parsed.country.upper()
    user_name = settings.user_name or "admin"
    code = set_up(
        settings,
        NewClinic(
            name=parsed.clinic,
            country=country,
            time_zone=parsed.time_zone or _machine_zone(),
            language=parsed.language,
            paper_size=PaperSize(parsed.paper or ("Letter" if country in LETTER_COUNTRIES else "A4")),
            label_region=LabelRegion(parsed.labels or ("US" if country == "US" else "UK_EU")),
            full_name=parsed.name or user_name,
            user_name=user_name,
            roles=frozenset(Role),
            passphrase=settings.passphrase,
        ),
        system_clock,
    )
    print(f"The clinic is set up {'on the server' if settings.database_url else f'in {settings.data}'}.")
    print("Recovery code, to be kept on paper and apart from the computer:")
    print(code)
    return 0


def _machine_zone() -> str:
    """The name of this machine's zone, UTC when it has none."""
    from babel.localtime import LOCALTZ

    return str(getattr(LOCALTZ, "key", "UTC"))
