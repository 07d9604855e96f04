"""A person with a screen reader or a dictation charts on the map: driven over the accessibility bus, from outside."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import make_url

from clinic_app.reference.catalogue import load_reference
from clinic_app.reference.units import THIN_SPACE
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.ui.connection import AWAY
from tests.clinics import PASSPHRASE, PORT_ALDER, seal
from tests.faults.proxy import Proxy
from tests.journeys.conftest import NOW, USER
from tests.journeys.reader import Reader
from tests.postgres import PostgresServer

ROOT = Path(__file__).parent.parent.parent
ON_THE_DESKTOP = {"QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}

_NEEDED = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "dbus-daemon": "dbus",
    "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
}


@pytest.fixture
def desktop() -> Iterator[dict[str, str]]:
    """An X display and a session bus of their own; their environment for what runs there."""
    missing = [package for program, package in _NEEDED.items() if shutil.which(program) is None]
    if missing:
        reason = f"Driving the window from outside needs the Debian packages {', '.join(missing)}."
        if os.environ.get("CLINIC_APP_CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with ExitStack() as running:

        def start(*command: str, **environment: str) -> IO[str]:
            process = subprocess.Popen(
                command, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            assert process.stdout is not None
            running.callback(process.wait)
            running.callback(process.stdout.close)
            running.callback(process.kill)
            return process.stdout

        screen = ("-screen", "0", "1600x1000x24", "-nolisten", "tcp")
        display = start("Xvfb", "-displayfd", "1", *screen).readline().strip()
        bus = start("dbus-daemon", "--session", "--nofork", "--print-address=1").readline().strip()
        # Without a window manager no window is active, and none would take the focus.
        start("openbox", DISPLAY=f":{display}")
        yield {"DISPLAY": f":{display}", "DBUS_SESSION_BUS_ADDRESS": bus}


@pytest.fixture
def reader(settings: Settings, desktop: dict[str, str]) -> Iterator[Reader]:
    """A reader of the window, in which Ada Okafor's new visit is open."""
    store = unlock(settings, USER, PASSPHRASE, lambda: NOW)
    services = Services(store.database, lambda: NOW, load_reference())
    form = PatientForm(family_name="Okafor", given_name="Ada", birth_date=date(1961, 3, 12))
    patient_id = services.patients.register(store.actor, form)
    store.database.close()
    where = (str(settings.data), settings.database_url)
    window = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.open_chart", *where, USER, PASSPHRASE, str(patient_id)],
        cwd=ROOT,
        env=os.environ | desktop | ON_THE_DESKTOP,
    )
    with Reader(desktop["DBUS_SESSION_BUS_ADDRESS"]) as reader:
        reader.find("canvas", "Muscle map")  # the window is there before its visit is opened
        yield reader
    window.kill()
    window.wait()


def test_the_map_is_read_pressed_and_written_on_without_seeing_it(reader: Reader) -> None:
    canvas = reader.find("canvas", "Muscle map")
    muscle = reader.find("push button", "Right splenius capitis")

    assert muscle in reader.children(canvas)
    assert reader.description(muscle) == "superficial layer"
    left, top, width, height = reader.box(muscle)
    map_left, map_top, map_width, map_height = reader.box(canvas)
    assert map_left <= left < left + width <= map_left + map_width
    assert map_top <= top < top + height <= map_top + map_height

    reader.press(muscle)
    units = reader.find("text", "Right splenius capitis, units")
    reader.write(units, "62.5")

    assert reader.until(muscle, "62.5") == f"superficial layer, 62.5{THIN_SPACE}U, chosen"
    assert reader.text(units) == "62.5"


def test_the_figure_leads_to_another_region(reader: Reader) -> None:
    reader.find("push button", "Right splenius capitis")

    reader.press(reader.find("push button", "Right forearm, front"))

    muscle = reader.find("push button", "Right flexor carpi radialis")
    assert muscle in reader.children(reader.find("canvas", "Muscle map"))
    assert reader.gone("push button", "Right splenius capitis")


def test_a_muscle_is_chosen_by_giving_it_the_focus_and_layers_by_their_buttons(reader: Reader) -> None:
    reader.press(reader.find("check box", "Intermediate layer"))
    muscle = reader.find("push button", "Right semispinalis capitis")

    reader.focus(muscle)

    assert reader.until(muscle, "chosen") == "intermediate layer, chosen"


def test_a_patient_is_found_and_opened_by_pressing_the_name(reader: Reader) -> None:
    reader.press(reader.find("check box", "Patients"))
    reader.write(reader.find("text", "Name, birth date or record number"), "okafor")

    reader.press(reader.find("list item", "Ada Okafor, 12 Mar 1961 (64) · MRN0000001"))

    assert reader.name(reader.find("page tab", "Summary")) == "Summary"


def test_the_papers_of_a_day_are_asked_for_without_seeing_them(reader: Reader) -> None:
    reader.press(reader.find("check box", "Schedule"))
    reader.press(reader.find("push button", "Print the papers of this day"))

    reader.find("label", "No visit of this day is signed yet.")
    for name in ("Visit notes", "Aftercare handouts", "Diaries", "Only what has not gone out yet"):
        reader.find("check box", name)
    reader.press(reader.find("push button", "Close"))


def test_a_computer_is_connected_to_a_server_and_hears_that_the_server_is_away(
    desktop: dict[str, str], own_server: PostgresServer, tmp_path: Path
) -> None:
    address = seal(tmp_path / "sealed", PORT_ALDER, NOW, {}, own_server).settings.database_url
    with ExitStack() as running:
        proxy = Proxy(own_server.port)
        running.callback(proxy.end)
        reader = running.enter_context(Reader(desktop["DBUS_SESSION_BUS_ADDRESS"]))
        window = running.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.open_window", str(tmp_path / "new desk"), "", ""],
                cwd=ROOT,
                env=os.environ | desktop | ON_THE_DESKTOP,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
            )
        )
        running.callback(window.kill)
        reader.press(reader.find("push button", "This clinic is already on a server…"))
        field = reader.find("text", "Address")
        assert reader.focused(field)
        assert reader.description(field) == "Whoever runs the clinic's server gives it to you."
        assert "keyring" in reader.description(reader.find("text", "Password of the server's account"))

        reader.write(field, make_url(address).set(port=1).render_as_string())
        reader.press(reader.find("push button", "Connect"))
        reader.until(field, "No server answers there.")
        assert reader.focused(field), "and so it is read"

        reader.write(field, make_url(address).set(port=proxy.port).render_as_string())
        reader.press(reader.find("push button", "Connect"))
        reader.write(reader.find("text", "User name"), USER)
        reader.write(reader.find("text", "Passphrase"), PASSPHRASE)
        reader.press(reader.find("push button", "Unlock"))
        assert reader.focused(reader.find("text", "Name, birth date or record number"))

        proxy.cut(for_good=True)
        assert reader.hear(AWAY).count(AWAY) == 1
        reader.find("label", AWAY)
        proxy.mend()
        reader.hear("The clinic's server is back.")
        assert reader.gone("label", AWAY)
