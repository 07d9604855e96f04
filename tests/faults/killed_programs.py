"""Programs that are killed: forked from one process that has imported everything, since to import takes a second.

Run as ``python -m tests.faults.killed_programs FOLDER`` with a clinic of its own; asked by a line of JSON on its input,
answers with one on its output.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

from clinic_app.reference import Reference, load_reference
from clinic_app.settings import Settings
from tests.clinics import PASSPHRASE
from tests.faults.scripted import WORK
from tests.faults.workplace import TEN, enter

ROOT = Path(__file__).parent.parent.parent
Told = list[dict[str, Any]]
"""The things that a program told of, in its order."""


@dataclass(frozen=True, slots=True)
class Run:
    """A program to start: which work in which clinic. It is killed when it told of ``things``, ``after`` seconds later.

    Things and not seconds say how far it comes, since a machine may be busy: it told of that many, however slow it is.
    """

    work: str
    data: str
    told: str
    after: float = 0
    things: int = 0
    passphrase: str = PASSPHRASE
    hours_later: int = 0


class KilledPrograms:
    """Starts programs and kills them, seen from the test."""

    def __init__(self, clinic: Settings) -> None:
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killed_programs", str(clinic.data)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, run: Run) -> tuple[Told, float]:
        """What the program told of before it was killed, and the seconds that it lived."""
        self.start(run)
        return self.ended(run)

    def start(self, run: Run) -> None:
        """Start it, to be killed while the test does something else."""
        assert self._mother.stdin is not None
        Path(run.told).write_bytes(b"")
        self._mother.stdin.write(json.dumps(asdict(run)) + "\n")
        self._mother.stdin.flush()

    def ended(self, run: Run) -> tuple[Told, float]:
        """Wait until a program that was started is killed; the same answer as ``run``."""
        assert self._mother.stdout is not None
        answer = json.loads(self._mother.stdout.readline())
        assert answer["ended"] == -signal.SIGKILL, "the program ended by itself; what it said is above"
        return [json.loads(line) for line in Path(run.told).read_text().splitlines()], answer["seconds"]

    def end(self) -> None:
        """No program more."""
        self._mother.communicate()


def main() -> None:
    """Fork a program for each line, kill it, answer."""
    reference = load_reference()
    _warm_up(Settings(data=Path(sys.argv[1])), reference)
    for line in sys.stdin:
        run = Run(**json.loads(line))
        heard, says = os.pipe()
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            os.close(heard)
            _work(run, reference, says)
        os.close(says)
        things = 0
        while things < run.things and (said := os.read(heard, 4096)):
            things += len(said)
        time.sleep(run.after)  # the moment at which it dies, and nothing that the test waits for
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(heard)
        answer = {"ended": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - began}
        print(json.dumps(answer), flush=True)


class _Enough(Exception):
    pass


def _warm_up(settings: Settings, reference: Reference) -> None:
    """Each work once, so that what is read, imported and put together on first use is there in every program."""
    for work in WORK.values():
        told: list[str] = []

        def tell(what: str, told: list[str] = told, **_: object) -> None:
            told.append(what)
            if told.count(what) == 2:
                raise _Enough

        clinic = enter(settings, reference)
        try:
            work(clinic, tell)
        except _Enough:
            clinic.store.database.close()


def _work(run: Run, reference: Reference, says: int) -> NoReturn:
    told = os.open(run.told, os.O_WRONLY | os.O_APPEND)

    def tell(what: str, **facts: object) -> None:
        os.write(told, (json.dumps({"what": what, **facts}) + "\n").encode())
        os.write(says, b".")

    try:
        at = TEN + timedelta(hours=run.hours_later)
        WORK[run.work](enter(Settings(data=Path(run.data)), reference, at, run.passphrase), tell)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    os._exit(1)


if __name__ == "__main__":
    main()
