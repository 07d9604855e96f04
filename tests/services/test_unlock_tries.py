"""Wrong passphrases slow the next try, also after the program was started anew."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, WrongPassphrase
from clinic_app.services.stores import recover, unlock
from clinic_app.services.unlock_tries import FREE_TRIES, LONGEST_PAUSE, Tries, begin_try, seconds_to_wait
from tests.clinics import CHEAP, PASSPHRASE
from tests.services.conftest import TEN, OpenClinic

OTHER = "seven quiet herons landing"
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def typed(clinic: OpenClinic, passphrase: str, user_name: str = "ellison") -> tuple[str, object]:
    """What is told, and the seconds until the next try."""
    try:
        unlock(clinic.settings, user_name, passphrase, clinic.clock).database.close()
    except ClinicError as error:
        return error.code, error.parameters["seconds"]
    return "open", 0


def test_five_wrong_ones_are_free_and_each_further_one_doubles_the_pause(clinic: OpenClinic) -> None:
    for _ in range(FREE_TRIES - 1):
        assert typed(clinic, "wrong") == ("passphrase_wrong", 0)
    for pause in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300):
        assert typed(clinic, "wrong") == ("passphrase_wrong", pause)
        # Not even the right one counts before, and asking makes it no longer.
        assert typed(clinic, PASSPHRASE) == ("unlock_paused", pause)
        clinic.clock.forward(seconds=pause - 1)
        assert typed(clinic, PASSPHRASE) == ("unlock_paused", 1)
        clinic.clock.forward(seconds=1)
    assert typed(clinic, PASSPHRASE) == ("open", 0)
    assert not clinic.settings.tries_file.exists()
    assert typed(clinic, "wrong") == ("passphrase_wrong", 0)


def test_unknown_names_count_and_tell_nothing(clinic: OpenClinic) -> None:
    told = [typed(clinic, "wrong", name) for name in ("nobody", "ellison", "", "nurse", "nobody")]
    assert told == [("passphrase_wrong", 0)] * 4 + [("passphrase_wrong", 1)]
    assert set(json.loads(clinic.settings.tries_file.read_text())) == {"wrong", "at"}


def test_ending_the_program_while_it_looks_saves_nobody_the_pause(clinic: OpenClinic) -> None:
    for _ in range(FREE_TRIES):
        begin_try(clinic.settings.tries_file, clinic.clock())
    with pytest.raises(ClinicError) as refused:
        begin_try(clinic.settings.tries_file, clinic.clock())
    assert str(refused.value) == "The passphrase was wrong too often. Seconds until the next try: 1."


def test_the_recovery_code_needs_no_patience(clinic: OpenClinic) -> None:
    for _ in range(FREE_TRIES):
        typed(clinic, "wrong")
    with pytest.raises(WrongPassphrase):
        recover(clinic.settings, "AAAA", "ellison", OTHER, clinic.clock, cost=CHEAP)
    assert typed(clinic, PASSPHRASE) == ("unlock_paused", 1)
    recover(clinic.settings, clinic.recovery_code, "ellison", OTHER, clinic.clock, cost=CHEAP)
    assert typed(clinic, OTHER) == ("open", 0)


@given(st.integers(1, 10**6), MOMENTS, MOMENTS)
def test_whatever_the_clock_does_the_pause_ends_in_five_minutes(
    tmp_path_factory: pytest.TempPathFactory, wrong: int, at: datetime, now: datetime
) -> None:
    file = tmp_path_factory.getbasetemp() / "clock.tries"
    file.write_text(json.dumps({"wrong": wrong, "at": at.isoformat()}))
    first = seconds_to_wait(file, now)
    assert 0 <= first <= LONGEST_PAUSE
    assert seconds_to_wait(file, now + timedelta(seconds=LONGEST_PAUSE)) == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff",
        b"[]",
        b"{}",
        b"7",
        b'{"wrong": 9}',
        b'{"wrong": "many", "at": "2026-03-02T15:00:00+00:00"}',
        b'{"wrong": 1e999, "at": "2026-03-02T15:00:00+00:00"}',
        b'{"wrong": -9, "at": "2026-03-02T15:00:00+00:00"}',
        b'{"wrong": 9, "at": "yesterday"}',
        b'{"wrong": 9, "at": "0001-01-01T00:00:00+14:00"}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_locks_nobody_out(clinic: OpenClinic, content: bytes) -> None:
    clinic.settings.tries_file.write_bytes(content)
    assert seconds_to_wait(clinic.settings.tries_file, TEN) == 0
    assert typed(clinic, "wrong") == ("passphrase_wrong", 0)
    assert typed(clinic, PASSPHRASE) == ("open", 0)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_as_something(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.tries"
    file.write_bytes(content)
    assert 0 <= seconds_to_wait(file, TEN) <= LONGEST_PAUSE


def test_a_folder_that_cannot_be_written_keeps_nobody_from_unlocking(
    clinic: OpenClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "fsync", full)
    for _ in range(FREE_TRIES + 1):
        assert typed(clinic, "wrong") == ("passphrase_wrong", 0)
    assert typed(clinic, PASSPHRASE) == ("open", 0)
    # Nor does a pause last forever that was noted by a clock ahead of this one.
    clinic.settings.tries_file.write_text(json.dumps({"wrong": 9, "at": (TEN + timedelta(days=9)).isoformat()}))
    assert typed(clinic, PASSPHRASE) == ("open", 0)


def test_pauses_only_grow() -> None:
    pauses = [Tries(wrong, TEN).pause() for wrong in range(40)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_nothing_is_left_beside_the_key_file_by_a_right_passphrase(clinic: OpenClinic) -> None:
    before = {file.name for file in clinic.settings.data.iterdir()}
    assert typed(clinic, PASSPHRASE) == ("open", 0)
    assert {file.name for file in clinic.settings.data.iterdir()} == before
