"""``clinic-app research``: what was injected and what it did, for research and without names."""

import argparse
import sys

from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import Services, shipped_atlas
from clinic_app.services.clock import system_clock
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings


def write_research(settings: Settings, parsed: argparse.Namespace) -> int:
    """Write the export, for its owner only, and say how many rows it has. Raises ClinicError."""
    if not settings.demo:
        return _write(settings, parsed)
    from clinic_app.demo.template import fresh_demo

    demo = fresh_demo(system_clock, shipped_atlas(), load_reference())
    try:
        return _write(demo.settings, parsed)
    finally:
        demo.remove()


def _write(settings: Settings, parsed: argparse.Namespace) -> int:
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock)
    try:
        services = Services(store.database, system_clock, load_reference(), research_key=store.research_key)
        exported = services.research.export(store.actor, parsed.out, with_text=parsed.with_text)
    finally:
        store.database.close()
    assert exported is not None  # nobody cancels here
    counts = exported.counts
    print(f"The research export is in {exported.folder}.")
    rows = ((counts.injections, "injection"), (counts.cycles, "cycle"), (counts.side_effects, "side effect"))
    print(f"{_counted(counts.patients, 'patient')}: {', '.join(_counted(*row) for row in rows)}.")
    if not exported.parquet:
        print("For Parquet files beside them install the extra “research”.")
    if exported.with_text:
        print(
            "What people typed in their own words is in the files: it may name persons, places and days. "
            "Read it before you hand it on.",
            file=sys.stderr,
        )
    return 0


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"
