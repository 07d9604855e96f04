"""10,000 inputs that nobody meant: each is read, or refused by the error that its parser declares, and soon."""

import argparse
import contextlib
import json
import resource
import signal
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from icalendar import Calendar
from PIL import Image, ImageDraw
from PySide6.QtCore import QLocale

from clinic_app import cli
from clinic_app.check_command.reading import read_form
from clinic_app.documents.handout_text import read_handout
from clinic_app.errors import ClinicError, StoreProblem, WrongPassphrase
from clinic_app.exchange.calendar_file import CalendarEvent, calendar_file
from clinic_app.exchange.gs1 import read_gtin, read_package
from clinic_app.models.data_key import DataKey
from clinic_app.models.keys import KeyFile, normal_code
from clinic_app.models.research_key import ResearchKey
from clinic_app.partial_dates import PartialDate
from clinic_app.reference.units import parse_units
from clinic_app.resources import resource_path
from clinic_app.services.backup_plan import MOST_HOURS, backup_choice
from clinic_app.services.backups import MANIFEST, backup_key, check_backup, make_backup
from clinic_app.services.calendar_data import grid_minutes
from clinic_app.services.charting import quantity
from clinic_app.services.charts import content_from_json, content_to_json
from clinic_app.services.clinic_rules import read_choices
from clinic_app.services.dose_colours import read_limits
from clinic_app.services.logos import logo_from
from clinic_app.services.passphrases import check_passphrase
from clinic_app.services.public_holidays import holiday_choice
from clinic_app.services.typed_search import TypedSearch
from clinic_app.services.unlock_tries import seconds_to_wait, tries
from clinic_app.terms import LabelRegion
from clinic_app.ui.locale import parse_number, parse_time
from clinic_app.ui.widgets.dates import parse_date, parse_partial_date
from clinic_app.words import sentence
from tests.check_command.build import EXAMPLE
from tests.clinics import PASSPHRASE
from tests.faults.mutation import changed_bytes, changed_text, changed_value, without_halves
from tests.services.conftest import TEN, OpenClinic

INPUTS = {
    "key files": 1000, "backups": 500, "manifests": 700, "files of tries": 600, "research keys": 400, "logos": 600,
    "handouts": 900, "visits to check": 900, "charts in progress": 900, "choices": 500, "calendars": 300,
    "packages": 700, "dates": 600, "numbers and times": 500, "codes and passphrases": 300, "sentences": 200,
    "arguments": 400,
}  # fmt: skip
"""How many of each."""
SECONDS = 10
"""That no single input may take; none takes a tenth."""
MOST_MEMORY = 600 * 1024
"""KiB more than before, at the highest."""
TODAY = date(2026, 3, 2)


def test_they_are_ten_thousand() -> None:
    assert sum(INPUTS.values()) == 10_000


@contextlib.contextmanager
def soon(shown: object) -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError(f"takes too long: {shown!r:.300}")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def fuzz(what: str, make: Callable[[Random], Any], read: Callable[[Any], object], *declared: type[Exception]) -> None:
    """Every input is read, or refused as declared; where something can be refused, some are."""
    chance, well, refused = Random(8), 0, 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(INPUTS[what]):
        given = make(chance)
        try:
            with soon(given):
                read(given)
            well += 1
        except declared as error:
            assert str(error) or not isinstance(error, ClinicError)
            refused += 1
        except Exception as error:
            error.add_note(f"input {number} of {what}: {given!r:.600}")
            raise
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY
    assert refused or not declared
    assert well or refused == INPUTS[what]


def test_key_files(clinic: OpenClinic, tmp_path: Path) -> None:
    file, whole = tmp_path / "clinic.keys", clinic.settings.key_file.read_bytes()
    plain = json.loads(whole)

    def make(chance: Random) -> bytes:
        if chance.random() < 0.4:
            return changed_bytes(whole, chance)
        content = changed_value(plain, chance)
        return json.dumps(content).encode("utf-8", "surrogatepass")

    def read(content: bytes) -> None:
        file.write_bytes(content)
        keys = KeyFile.read(file)
        keys.write(file)
        assert KeyFile.read(file) == keys
        assert keys.open("ellison", PASSPHRASE) == clinic.store.data_key

    fuzz("key files", make, read, StoreProblem, WrongPassphrase)


def test_backups_and_manifests(clinic: OpenClinic, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.backup", tmp_path / "bad.backup"
    clinic.signed(clinic.patient())
    make_backup(clinic.settings, clinic.store.data_key, good, TEN)
    whole = good.read_bytes()
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts[MANIFEST])

    def read(content: bytes) -> None:
        bad.write_bytes(content)
        check_backup(bad)
        assert backup_key(bad, "ellison", PASSPHRASE) == clinic.store.data_key

    def with_manifest(chance: Random) -> bytes:
        written = BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            text = json.dumps(changed_value(manifest, chance))
            archive.writestr(MANIFEST, without_halves(changed_text(text, chance)) if chance.random() < 0.3 else text)
            for name in parts.keys() - {MANIFEST}:
                archive.writestr(name, parts[name])
        return written.getvalue()

    fuzz("backups", lambda chance: changed_bytes(whole, chance), read, StoreProblem, WrongPassphrase)
    parts = {name: part if name.endswith(".keys") else part[:64] for name, part in parts.items()}
    fuzz("manifests", with_manifest, read, StoreProblem, WrongPassphrase)


def test_files_of_tries(tmp_path: Path) -> None:
    file, whole = tmp_path / "clinic.tries", {"wrong": 7, "at": TEN.isoformat()}

    def make(chance: Random) -> bytes:
        text = json.dumps(changed_value(whole, chance)).encode("utf-8", "replace")
        return changed_bytes(text, chance) if chance.random() < 0.4 else text

    def read(content: bytes) -> None:
        file.write_bytes(content)
        known = tries(file)
        assert known is None or known.wrong > 0
        assert 0 <= seconds_to_wait(file, TEN) <= 300

    fuzz("files of tries", make, read)


def test_research_keys(tmp_path: Path) -> None:
    file, key = tmp_path / "clinic.research", DataKey(b"k" * 32)
    ResearchKey(file, key).disguises([(1, TEN), (2, TEN)])
    whole = file.read_bytes()

    def make(chance: Random) -> bytes:
        if chance.random() < 0.5:
            return changed_bytes(whole, chance)
        return json.dumps(changed_value(json.loads(whole), chance)).encode("utf-8", "replace")

    def read(content: bytes) -> None:
        file.write_bytes(content)
        assert len(ResearchKey(file, key).disguises([(1, TEN)])) == 1

    fuzz("research keys", make, read, StoreProblem)


def test_logos() -> None:
    picture = Image.new("RGBA", (60, 40), "white")
    ImageDraw.Draw(picture).ellipse((10, 5, 50, 35), fill="navy")
    wholes = []
    for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"):
        written = BytesIO()
        picture.convert("RGB").save(written, kind)
        wholes.append(written.getvalue())

    def read(content: bytes) -> None:
        assert logo_from(content).startswith(b"\x89PNG")

    fuzz("logos", lambda chance: changed_bytes(chance.choice(wholes), chance), read, ClinicError)


def test_handouts() -> None:
    folder = resource_path("handouts", "en")
    wholes = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md"))[:6]]

    def make(chance: Random) -> str:
        whole = chance.choice(wholes)
        end = whole.index("---", 4)
        # Half of them in the head, where there is more to get wrong.
        return changed_text(whole[:end], chance) + whole[end:] if chance.random() < 0.5 else changed_text(whole, chance)

    fuzz("handouts", make, read_handout, ClinicError)


@pytest.mark.parametrize(
    "line",
    [
        "date: 2026-13-45",
        f"grade: {'9' * 400}",
        "grade: .nan",
        f"grade: {'[' * 3000}",
        "sources: 5",
        "sources: {a: b}",
        "x: &a [y, y, y, y, y, y, y, y, y]\n"
        + "".join(f"x{n}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for n, (a, b) in enumerate(pairwise("abcdefghij")))
        + "sources: [*j]",
    ],
)
def test_what_chance_seldom_writes_into_a_handout(line: str) -> None:
    (whole, *_) = sorted(resource_path("handouts", "en").glob("*.md"))
    name = line.split(":")[0] + ":" if not line.startswith("x") else "sources:"
    head, body = whole.read_text(encoding="utf-8").split("\n---\n", 1)
    kept = "\n".join(each for each in head.split("\n") if not each.startswith((name, "-  ", "  -")))
    with soon(line), pytest.raises(ClinicError):
        read_handout(f"{kept}\n{line}\n---\n{body}")


def test_visits_to_check() -> None:
    def make(chance: Random) -> bytes:
        text = json.dumps(changed_value(EXAMPLE, chance))
        return (changed_text(text, chance) if chance.random() < 0.3 else text).encode("utf-8", "surrogatepass")

    fuzz("visits to check", make, read_form, ClinicError)


def test_charts_in_progress(clinic: OpenClinic) -> None:
    whole = content_to_json(clinic.content(3))
    fuzz("charts in progress", lambda chance: changed_value(whole, chance), content_from_json, ClinicError)


def test_choices(clinic: OpenClinic) -> None:
    """What cannot be read counts as not chosen."""
    whole = {
        "dose_colours": {"onabotulinumtoxinA": [5.0, 10.0, 20.0, 40.0, 80.0]},
        "grid_minutes": 15,
        "rolling_months": 3,
        "shared_vials": "said so",
        "holidays": {"kept": True, "subdivision": "CA"},
        "backup": {"folder": "/backups", "hours": 4},
    }

    def make(chance: Random) -> dict[str, object]:
        choices = changed_value(whole, chance)
        return choices if isinstance(choices, dict) else whole

    def read(choices: dict[str, object]) -> None:
        assert grid_minutes(choices) > 0
        assert all(len(limits) == 5 for limits in read_limits(choices).values())
        read_choices(LabelRegion.US, choices)
        holiday_choice(choices)
        choice = backup_choice(choices, clinic.settings.data)
        assert 1 <= choice.hours <= MOST_HOURS
        assert choice.folder.is_absolute()

    fuzz("choices", make, read)


def test_calendars() -> None:
    def make(chance: Random) -> CalendarEvent:
        return CalendarEvent(
            uid=without_halves(changed_text("appointment-7@clinic", chance)),
            sequence=chance.randrange(10),
            title=without_halves(changed_text("Review: Ada Okafor, Dr. Ellison", chance)),
            starts_at=datetime(2026, 3, 2, chance.randrange(24), chance.randrange(60)),
            minutes=chance.choice((5, 30, 480)),
            changed_at=datetime(2026, 3, 1, tzinfo=UTC),
            organizer=without_halves(changed_text("Dr. Mara Ellison", chance)),
            location=without_halves(changed_text("Room 1", chance)),
        )

    def read(event: CalendarEvent) -> None:
        (again,) = Calendar.from_ical(calendar_file("Clinic", "America/New_York", [event])).walk("VEVENT")
        assert again.decoded("dtstart").replace(tzinfo=None) == event.starts_at

    fuzz("calendars", make, read)


def test_packages() -> None:
    wholes = [
        "(01)00300231145019(17)270531(10)C1234(21)778",
        "010030023114501917270531\x1d10C1234\x1d21778",
        "00300231145019",
    ]

    def read(text: str) -> None:
        try:
            read_package(text)
        finally:
            with contextlib.suppress(ClinicError):
                read_gtin(text)

    fuzz("packages", lambda chance: changed_text(chance.choice(wholes), chance), read, ClinicError)


def test_dates() -> None:
    wholes = ["2019-04-02", "2019-04", "2019", "3 Dec 2026", "4/19/2026", "12w", "-3d", "3 years ago", "t", "+3"]
    locales = [QLocale("en_US"), QLocale("de_DE"), QLocale("ar_EG"), QLocale("ja_JP")]

    def read(given: tuple[str, QLocale]) -> None:
        text, locale = given
        TypedSearch.read(text, date(2026, 3, 2))
        for kind in (
            lambda: PartialDate.read(text),
            lambda: parse_date(text, TODAY, locale),
            lambda: parse_date(text, TODAY, locale, in_the_past=True),
        ):
            with contextlib.suppress(ValueError):
                kind()
        parse_partial_date(text, TODAY, locale)

    fuzz(
        "dates", lambda chance: (changed_text(chance.choice(wholes), chance), chance.choice(locales)), read, ValueError
    )


def test_numbers_and_times() -> None:
    wholes = ["12.5", "1,250", "-3", "100", ".5", "14:30", "2:21 pm", "9"]

    def read(text: str) -> None:
        for kind in (parse_time, parse_number, quantity, parse_units):
            with contextlib.suppress(ValueError, ClinicError):
                kind(text)
        value = parse_units(text)
        assert value >= 0
        assert value.is_finite()

    fuzz("numbers and times", lambda chance: changed_text(chance.choice(wholes), chance), read, ClinicError)


def test_codes_and_passphrases() -> None:
    def read(text: str) -> None:
        assert normal_code(text) == normal_code(normal_code(text))
        check_passphrase(text, ("Ellison", "Port Alder"))

    wholes = ["7QK2-M9XA-0000-ABCD-EFGH-JKMN-PQRS-TVWX", PASSPHRASE]
    fuzz("codes and passphrases", lambda chance: changed_text(chance.choice(wholes), chance), read, ClinicError)


def test_sentences() -> None:
    """What somebody typed stands in a sentence as it is, whatever it holds."""

    def read(text: str) -> None:
        assert text in sentence("errors.account_unknown", name=text, names="")
        with contextlib.suppress(KeyError):
            sentence(text, name=text)

    fuzz("sentences", lambda chance: changed_text("errors.account_unknown", chance), read)


def test_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    wholes = [
        "--data clinic --user ellison verify", "calendar --out x.ics --injector Ellison", "check visit.json",
        "init --clinic Port --country US --paper A4", "restore x.backup --data there", "research --out folder",
        "--database postgresql://host/name --demo",
    ]  # fmt: skip

    def read(arguments: list[str]) -> None:
        try:
            parsed = cli._parser().parse_args(arguments)
        except SystemExit as end:
            raise argparse.ArgumentTypeError("refused") from end
        cli._settings(parsed)

    fuzz(
        "arguments",
        lambda chance: without_halves(changed_text(chance.choice(wholes), chance)).split(" "),
        read,
        argparse.ArgumentTypeError,
        ClinicError,
    )
    assert "Traceback" not in capsys.readouterr().err
