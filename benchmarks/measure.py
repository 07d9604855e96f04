"""Measuring: a case runs many times in one process, beside a baseline taken in the same run."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

WARM_UP = 3
RUNS = 40
"""How often a case runs at least, after the warm-up."""

_quick = False


def make_quick() -> None:
    """Run every case twice without warm-up: whether it still runs, not how fast."""
    global _quick
    _quick = True


def quick() -> bool:
    """Whether it is only tried that every case runs."""
    return _quick


@dataclass(frozen=True, slots=True)
class Row:
    """One measured case. Times in ms; ``unit`` names another quantity, which then stands in ``median`` and ``p95``.

    ``target`` is compared with ``p95``, ``most`` with the ratio to the baseline; a row with neither is for information.
    ``note`` says what the figure leaves out.
    """

    case: str
    target: float | None
    median: float
    p95: float
    baseline: float | None = None
    unit: str = "ms"
    note: str = ""
    most: float | None = None

    @property
    def ratio(self) -> float | None:
        """The median against the baseline."""
        return self.median / self.baseline if self.baseline else None

    @property
    def met(self) -> bool | None:
        """Whether every target is met."""
        if self.target is None and self.most is None:
            return None
        fast = self.target is None or self.p95 <= self.target
        return fast and (self.most is None or (self.ratio is not None and self.ratio <= self.most))

    @property
    def wanted(self) -> str:
        """The targets for people."""
        both = (
            "" if self.target is None else f"{self.target:g} {self.unit}",
            "" if self.most is None else f"{self.most:g} ×",
        )
        return ", ".join(each for each in both if each)

    @property
    def told(self) -> str:
        """One line of progress."""
        beside = "" if self.ratio is None else f", {self.ratio:.1f} x the baseline"
        return f"{self.case}: median {self.median:.2f}, p95 {self.p95:.2f} {self.unit}{beside}"

    def as_json(self) -> str:
        """One line."""
        keys = {
            "case": self.case,
            "target": self.target,
            "most": self.most,
            f"median_{self.unit}": round(self.median, 3),
            f"p95_{self.unit}": round(self.p95, 3),
            f"baseline_{self.unit}": None if self.baseline is None else round(self.baseline, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 2),
            "met": self.met,
            "note": self.note,
        }
        return json.dumps(keys)


def measured(work: Callable[[], object]) -> float:
    """Milliseconds of one run."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def timed(work: Callable[[int], object], runs: int = RUNS, after: Callable[[], object] | None = None) -> list[float]:
    """Milliseconds of each run; ``work`` gets the number of its run, ``after`` is called between runs, not counted."""
    found: list[float] = []
    for number in range(2) if _quick else range(-WARM_UP, runs):
        begun = time.perf_counter()
        work(number)
        spent = time.perf_counter() - begun
        if after is not None:
            after()
        if number >= 0:
            found.append(spent * 1000)
    return found


def beside(
    work: Callable[[int], object], baseline: Callable[[int], object], runs: int = RUNS
) -> tuple[list[float], list[float]]:
    """Milliseconds of each run of both, one after the other, so that what disturbs the machine disturbs both."""
    other: list[float] = []

    def measure_baseline() -> None:
        begun = time.perf_counter()
        baseline(len(other))
        other.append((time.perf_counter() - begun) * 1000)

    found = timed(work, runs, after=measure_baseline)
    return found, other[-len(found) :]


def median(times: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    """The one that nineteen of twenty do not pass."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def row(
    case: str,
    target: float | None,
    times: Sequence[float],
    baseline: Sequence[float] = (),
    note: str = "",
    most: float | None = None,
) -> Row:
    """A row of times in ms."""
    return Row(case, target, median(times), p95(times), median(baseline) if baseline else None, "ms", note, most)


def table(rows: Sequence[Row]) -> str:
    """The rows for people."""
    head = ("case", "target", "median", "p95", "baseline", "ratio", "met")
    body = [
        (
            each.case,
            each.wanted,
            f"{each.median:.2f}",
            f"{each.p95:.2f}",
            "" if each.baseline is None else f"{each.baseline:.2f}",
            "" if each.ratio is None else f"{each.ratio:.1f}",
            {True: "yes", False: "NO", None: ""}[each.met],
        )
        for each in rows
    ]
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    lines = []
    for line in (head, *body):
        first, *rest = line
        lines.append("  ".join([first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))]))
    return "\n".join(line.rstrip() for line in lines)


def write_json(rows: Sequence[Row], path: Path) -> None:
    """One JSON line a row."""
    path.write_text("".join(f"{each.as_json()}\n" for each in rows), encoding="utf-8")


def resident_mb() -> float:
    """The process's resident memory now, MB; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
