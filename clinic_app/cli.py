"""The command line: the window is one command among others, and all call the same services."""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from clinic_app import __version__
from clinic_app.core_dumps import refuse_core_dumps
from clinic_app.errors import ClinicError
from clinic_app.import_arguments import DESCRIPTION as _IMPORT
from clinic_app.import_arguments import add_arguments
from clinic_app.settings import Settings, default_data_folder, passphrase_from_environment, remembered_server


def run(arguments: list[str]) -> int:
    """Run one command; returns the exit code. What the person can act on is one sentence on standard error."""
    parsed = _parser().parse_args(arguments)
    refuse_core_dumps()
    try:
        settings = _settings(parsed)
        return _command(parsed, settings)
    except ClinicError as error:
        print(error, file=sys.stderr)
        return 1


def _command(parsed: argparse.Namespace, settings: Settings) -> int:
    # Each command is imported when it is asked for, so that none pays for the others.
    if parsed.self_check:
        from clinic_app.self_check import self_check

        return self_check()
    if parsed.command == "init":
        from clinic_app.setup_command import set_up_clinic

        return set_up_clinic(settings, parsed)
    if parsed.command == "check":
        from clinic_app.check_command import check_file

        return check_file(parsed)
    if parsed.command == "calendar":
        from clinic_app.calendar_command import write_calendar

        return write_calendar(settings, parsed)
    if parsed.command == "research":
        from clinic_app.research_command import write_research

        return write_research(settings, parsed)
    if parsed.command == "export" and parsed.form == "csv":
        from clinic_app.clinic_tables_command import export_csv

        return export_csv(settings, parsed)
    if parsed.command == "export":
        from clinic_app.export_command import export

        return export(settings, parsed)
    if parsed.command == "import" and parsed.file is not None and parsed.file.is_dir():
        from clinic_app.clinic_tables_command import import_folder

        return import_folder(settings, parsed)
    if parsed.command == "import":
        from clinic_app.import_command import bring_in

        return bring_in(settings, parsed)
    if parsed.command in ("backup", "restore"):
        from clinic_app.backup_command import back_up, restore

        return back_up(settings, parsed) if parsed.command == "backup" else restore(settings, parsed)
    if parsed.command in ("verify", "rehearse"):
        from clinic_app.verify_command import rehearse, verify

        return verify(settings, parsed) if parsed.command == "verify" else rehearse(settings, parsed)
    if parsed.command in ("connect", "upgrade"):
        from clinic_app.server_commands import bring_up, connect

        return connect(settings, parsed) if parsed.command == "connect" else bring_up(settings, parsed)
    if parsed.command == "rekey":
        from clinic_app.rekey_command import rekey

        return rekey(settings, parsed)
    if parsed.command == "move":
        from clinic_app.move_command import move

        return move(settings, parsed)
    if parsed.command == "tour":
        from clinic_app.app import run_tour

        return run_tour(parsed.out)
    from clinic_app.app import run_window

    return run_window(settings)


def _settings(parsed: argparse.Namespace) -> Settings:
    data = (parsed.data or default_data_folder()).expanduser()
    return Settings(
        data=data,
        demo=bool(parsed.demo),
        database_url=parsed.database or ("" if parsed.demo else remembered_server(data)),
        user_name=parsed.user or "",
        passphrase=_passphrase(parsed.passphrase_file),
    )


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return passphrase_from_environment()
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ClinicError("passphrase_file_unreadable", file=file) from error


class _Parser(argparse.ArgumentParser):
    """Ends with 1 for arguments that cannot be read: 2, the usual code, is the stop of ``check``."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(1, f"{self.prog}: {message}\n")


def _common(*, after_command: bool) -> _Parser:
    """The arguments of every command; given after the command's name they win over those before it."""
    missing = argparse.SUPPRESS if after_command else None
    common = _Parser(add_help=False)
    common.add_argument(
        "--data", type=Path, metavar="DIR", default=missing, help="the clinic's folder (default: the platform's)"
    )
    common.add_argument(
        "--demo",
        action="store_true",
        default=argparse.SUPPRESS if after_command else False,
        help="open a fresh copy of the demo clinic instead",
    )
    common.add_argument("--database", metavar="URL", default=missing, help="a database server instead of a file")
    common.add_argument("--user", metavar="NAME", default=missing, help="the user name to unlock with")
    common.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        default=missing,
        help="a file with the passphrase (or set CLINIC_APP_PASSPHRASE)",
    )
    return common


def _parser() -> _Parser:
    parser = _Parser(
        prog="clinic-app",
        description="Book, chart, follow and print repeat botulinum-toxin injections. Without a command: the window.",
        parents=[_common(after_command=False)],
    )
    parser.add_argument("--version", action="version", version=f"clinic-app {__version__}")
    parser.add_argument(
        "--self-check", action="store_true", help="open the demo clinic in a window, look at every view and exit"
    )
    commands = parser.add_subparsers(dest="command", title="commands", metavar="COMMAND")
    after = _common(after_command=True)
    init = commands.add_parser("init", parents=[after], help="set up a clinic without the window", description=_INIT)
    init.add_argument("--clinic", required=True, metavar="NAME", help="the clinic's name")
    init.add_argument("--name", default="", metavar="NAME", help="the first account's full name")
    init.add_argument("--country", default="US", metavar="CODE", help="two letters (default US)")
    init.add_argument("--time-zone", default="", metavar="ZONE", help="for example America/New_York")
    init.add_argument("--language", default="en", metavar="CODE", help="for example en-US")
    init.add_argument("--paper", choices=["Letter", "A4"], default=None, help="paper size (default by country)")
    init.add_argument("--labels", choices=["US", "UK_EU"], default=None, help="whose labels (default by country)")
    check = commands.add_parser(
        "check",
        parents=[after],
        help="run the charting checks on a visit in JSON, without a database",
        description=_CHECK,
    )
    check.add_argument("file", metavar="FILE", nargs="?", help="the visit as a JSON file, or - for standard input")
    calendar = commands.add_parser(
        "calendar",
        parents=[after],
        help="write an injector's appointments as a calendar file, or publish busy times",
        description=_CALENDAR,
    )
    calendar.add_argument("--injector", default="", metavar="NAME", help="the injector's full name (default: all)")
    what = calendar.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, metavar="FILE.ics", help="the file to write")
    what.add_argument("--publish", action="store_true", help="bring the calendar servers up to date that Settings name")
    research = commands.add_parser(
        "research",
        parents=[after],
        help="write injections, cycles and side effects for research, without names",
        description=_RESEARCH,
    )
    research.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder to write into")
    research.add_argument(
        "--with-text", action="store_true", help="also what people typed in their own words, which may name somebody"
    )
    export = commands.add_parser("export", parents=[after], help="hand records to other programs", description=_EXPORT)
    forms = export.add_subparsers(dest="form", title="forms", metavar="FORM", required=True)
    fhir = forms.add_parser(
        "fhir", parents=[after], help="everybody's records, or one patient's, as a FHIR R4 bundle", description=_FHIR
    )
    fhir.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file; one that is there is replaced")
    fhir.add_argument("--patient", default="", metavar="NUMBER", help="only the patient with this record number")
    patient = forms.add_parser(
        "patient", parents=[after], help="everything of one patient, to be given to the patient", description=_PATIENT
    )
    patient.add_argument("--record-number", required=True, metavar="NUMBER", help="whose record")
    patient.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="a ZIP file, or the name of a new or empty folder"
    )
    tables = forms.add_parser(
        "csv", parents=[after], help="everything of the clinic as CSV files, to be read again", description=_TABLES
    )
    tables.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new or empty folder to write into")
    add_arguments(
        commands.add_parser(
            "import", parents=[after], help="bring old records in from a spreadsheet", description=_IMPORT
        )
    )
    backup = commands.add_parser(
        "backup", parents=[after], help="write the whole clinic into one encrypted file", description=_BACKUP
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="the file to write; one that is there is replaced")
    restore = commands.add_parser(
        "restore", parents=[after], help="put the clinic of a backup into the data folder", description=_RESTORE
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    commands.add_parser(
        "verify", parents=[after], help="check that the clinic and its backups are what they were", description=_VERIFY
    )
    commands.add_parser(
        "rehearse", parents=[after], help="restore the newest backup on trial and compare it", description=_REHEARSE
    )
    commands.add_parser(
        "rekey", parents=[after], help="encrypt the clinic anew with a new key and recovery code", description=_REKEY
    )
    move = commands.add_parser(
        "move", parents=[after], help="copy the clinic to a database server, or back into a folder", description=_MOVE
    )
    move.add_argument(
        "--to",
        required=True,
        metavar="PLACE",
        help="a new folder, or the server's address with the account that owns the database",
    )
    connect = commands.add_parser(
        "connect", parents=[after], help="work on a clinic that is on a server", description=_CONNECT
    )
    connect.add_argument(
        "--ask-password", action="store_true", help="ask for the password of the server's account and keep it"
    )
    commands.add_parser(
        "upgrade", parents=[after], help="bring a server's clinic to this release", description=_UPGRADE
    )
    tour = commands.add_parser(
        "tour", parents=[after], help="write pictures of every view and document of the demo clinic", description=_TOUR
    )
    tour.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write into")
    return parser


_INIT = "Sets up a clinic whose first account (--user, default admin) holds every role, and prints the recovery code."
_CHECK = (
    "Checks one visit and prints totals, billing codes and findings as JSON. Exits with 0 when nothing stops, 2 when a "
    "finding does, and 1 with a sentence on standard error when the input is not of the form (see README)."
)
_CALENDAR = "Writes appointments from ninety days ago on. Patients are named only where the clinic chose so."
_RESEARCH = (
    "Writes one row per injection, cycle and side effect under pseudonyms, with shifted dates, and a data dictionary. "
    "Only a manager may. The same patient has the same pseudonym in the next export."
)
_EXPORT = "Names patients: give the files only to whom they are for. Each export is in the audit trail."
_FHIR = (
    "Writes one bundle (FHIR R4, JSON), checked before it is in its place; into a file that ends in .ndjson a bundle "
    "for each patient, each on a line of its own. Everybody's records only a manager may export; restricted ones that "
    "do not open to the account stay out."
)
_PATIENT = (
    "Writes a PDF to read, the record as FHIR R4 and as CSV tables with a dictionary, and the papers that went out, "
    "into one file where its name ends in .zip, else into a folder. Nothing of it is encrypted."
)
_TABLES = (
    "Writes one CSV file for each table, the papers that went out, a dictionary and a manifest. Only a manager may. "
    "Nothing in the folder is encrypted: whoever has it reads every record. Passphrases, PINs and the pseudonyms of "
    "research exports stay behind."
)
_BACKUP = "Copies the clinic while others work, opens the copy and compares it. Everybody who can unlock may."
_RESTORE = (
    "Close the program first. A clinic that is in the folder is moved beside it, never written over. With --user and a "
    "passphrase the backup is opened and compared before anything is moved."
)
_VERIFY = (
    "Checks pages, references, signatures, vials, ledger, kept files and backups. Exits with 0 when all is whole, 2 "
    "when something is not and says where, 1 when it cannot be opened. Nothing is changed."
)
_REHEARSE = (
    "Restores the newest backup into a private folder, compares it with what it promises, works out every signed "
    "digest again, and removes it. Exits with 0 when all came back, 2 when it did not and says why, 1 when it cannot "
    "be opened."
)
_REKEY = (
    "For the day on which somebody may have got the key itself. Close every window first. Only a manager may, and "
    "keeps the passphrase; everybody else gets a new one from the manager. Backups made until now open as before."
)
_MOVE = (
    "Close every window first. Only a manager may. Copies the clinic, compares every row, and leaves the one that was "
    "copied as it was. Broken off, the same command goes on where it stopped. Exits with 0 when the clinic is there, 1 "
    "with a sentence when it is not."
)
_CONNECT = (
    "Looks for the clinic at the address of --database and remembers it, so that this computer opens it from then on. "
    "A password goes to the computer's keyring; without one, libpq's password file is used."
)
_UPGRADE = (
    "Needs the server's owner's account in --database. Workstations that have the clinic open are asked to close, and "
    "waited for."
)
_TOUR = "Walks the demo clinic through the main job without a display and writes PNG and PDF files."
