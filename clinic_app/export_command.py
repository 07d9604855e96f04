"""``clinic-app export``: records for other programs, in one of several forms."""

import argparse
import sys
from collections.abc import Callable

from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services, shipped_atlas
from clinic_app.services.clock import system_clock
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings

Writer = Callable[[Services, Actor, argparse.Namespace], None]


def export(settings: Settings, parsed: argparse.Namespace) -> int:
    """Write the form that was asked for, for its owner only, and say what it holds. Raises ClinicError."""
    write = WRITERS[parsed.form]
    if not settings.demo:
        return _write(settings, parsed, write)
    from clinic_app.demo.template import fresh_demo

    demo = fresh_demo(system_clock, shipped_atlas(), load_reference())
    try:
        return _write(demo.settings, parsed, write)
    finally:
        demo.remove()


def _write(settings: Settings, parsed: argparse.Namespace, write: Writer) -> int:
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock)
    try:
        write(Services(store.database, system_clock, load_reference()), store.actor, parsed)
    finally:
        store.database.close()
    return 0


def _write_fhir(services: Services, actor: Actor, parsed: argparse.Namespace) -> None:
    if parsed.patient:
        exported = services.fhir_export.patient_by_number(actor, parsed.patient, parsed.out)
    else:
        exported = services.fhir_export.clinic(actor, parsed.out)
    print(f"The records are in {exported.file}.")
    print(f"{counted(exported.patients, 'patient')}, {counted(exported.resources, 'resource')}.")
    if exported.restricted:
        print(f"{counted(exported.restricted, 'restricted record')} stayed out.", file=sys.stderr)


def _write_patient(services: Services, actor: Actor, parsed: argparse.Namespace) -> None:
    exported = services.patient_export.export_by_number(actor, parsed.record_number, parsed.out)
    print(f"The record is in {exported.place}.")
    print(f"{counted(exported.visits, 'visit')}, {counted(exported.papers, 'paper')} that went out.")
    if exported.damaged:
        print(f"{counted(exported.damaged, 'damaged paper')} stayed out.", file=sys.stderr)
    print("It is not encrypted: whoever has it reads the record.", file=sys.stderr)


def counted(number: int, name: str) -> str:
    """For example "1,204 patients"."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"


WRITERS: dict[str, Writer] = {"fhir": _write_fhir, "patient": _write_patient}
"""What writes each form, by its name on the command line."""
