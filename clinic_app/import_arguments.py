"""The arguments of ``clinic-app import``, apart from the command: every start of the program reads them."""

import argparse
from pathlib import Path

from clinic_app.terms import ImportKind

DESCRIPTION = (
    "Bring patients, earlier injections, appointments or side effects in from a CSV or Excel file, or patients with "
    "their allergies, conditions and medicines from a FHIR bundle. Everything comes in at once or nothing does. Where "
    "a text can mean several things, the command asks: answer with --is. With --dry-run nothing is written. Exits with "
    "0 when it is done, 1 when something must be answered or mended first. Of a folder that “export csv” wrote it "
    "makes a clinic where none is yet: --user is a manager of that clinic, who gets the passphrase given here; the "
    "recovery code is printed and is new."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="CSV, XLSX or FHIR (JSON), or a folder of “export csv”",
    )
    parser.add_argument("--kind", choices=[kind.value for kind in ImportKind], help="what each row is (not of FHIR)")
    parser.add_argument("--dates", choices=["dmy", "mdy", "ymd"], help="how the file writes days, where both fit")
    parser.add_argument("--decimal", choices=["comma", "point"], help="what stands before decimals, where both fit")
    parser.add_argument(
        "--is",
        dest="meanings",
        action="append",
        default=[],
        metavar="TEXT=MEANING",
        help='what a text means, such as "BTX-A=onabotulinumtoxinA"; may be repeated',
    )
    parser.add_argument(
        "--column",
        dest="columns",
        action="append",
        default=[],
        metavar="HEADER=FIELD",
        help='what a column holds, such as "Datum=day", or "Datum=" for nothing; may be repeated',
    )
    parser.add_argument("--sheet", default="", metavar="NAME", help="which sheet of a workbook (default: the first)")
    parser.add_argument("--same", type=_rows, default=(), metavar="ROWS", help="rows about somebody on record")
    parser.add_argument("--another", type=_rows, default=(), metavar="ROWS", help="rows about somebody else")
    parser.add_argument(
        "--confirm", type=_rows, default=(), metavar="ROWS", help="rows whose warnings you looked at, such as 12,15"
    )
    parser.add_argument("--clash-reason", default="", metavar="TEXT", help="also appointments that clash, and why")
    parser.add_argument("--dry-run", action="store_true", help="only say what would come in")
    parser.add_argument("--rejected", type=Path, metavar="FILE", help="where to write the rows that cannot come in")
    parser.add_argument("--undo", type=int, metavar="NUMBER", help="take an import back")
    parser.add_argument("--list", action="store_true", help="list what was brought in")


def _rows(typed: str) -> tuple[int, ...]:
    return tuple(int(number) for number in typed.split(",") if number.strip())
