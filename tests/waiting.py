"""Waiting for what another thread or program does."""

from collections.abc import Callable
from threading import Event
from time import monotonic


def until(happened: Callable[[], object], seconds: float = 30) -> None:
    """Return as soon as it happened; fail when it does not."""
    limit = monotonic() + seconds
    pause = Event()
    while not happened():
        assert monotonic() < limit, "it did not happen"
        pause.wait(0.02)
