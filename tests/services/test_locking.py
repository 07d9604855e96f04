"""The lock: how long until it comes, what is left in memory, and the quick way back with the PIN."""

import gc
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotAllowed, StoreProblem
from clinic_app.models import Account
from clinic_app.models.data_key import DataKey
from clinic_app.services.audit import AuditFilter
from clinic_app.services.quick_return import QuickReturn, prepare_return
from clinic_app.terms import Role
from tests.clinics import PASSPHRASE
from tests.services.conftest import OpenClinic

PIN = "2580"
ZONE = "America/New_York"


def way_back(clinic: OpenClinic) -> QuickReturn:
    clinic.services.identity.set_pin(clinic.physician, PASSPHRASE, PIN)
    found = prepare_return(clinic.store.database, clinic.physician, clinic.store.key, clinic.clock, ZONE)
    assert found is not None
    return found


def refused(back: QuickReturn, pin: str) -> ClinicError:
    with pytest.raises(ClinicError) as error:
        back.data_key(pin)
    assert error.value.field == "pin"
    return error.value


def test_the_pin_brings_the_very_key_back(clinic: OpenClinic) -> None:
    raw, back = clinic.store.data_key, way_back(clinic)
    clinic.store.lock()
    with pytest.raises(StoreProblem):
        clinic.services.patients.search(clinic.physician, "")
    clinic.store.key.hold(back.data_key(PIN))
    assert clinic.store.data_key == raw
    clinic.services.patients.search(clinic.physician, "")


def test_while_locked_no_object_holds_the_key(clinic: OpenClinic) -> None:
    back = way_back(clinic)
    clinic.services.patients.search(clinic.physician, "")
    raw = bytearray(clinic.store.data_key)
    clinic.store.lock()
    gc.collect()
    held = []
    for each in gc.get_objects():
        inside = each.values() if isinstance(each, dict) else each if isinstance(each, list | tuple | set) else ()
        # A list of its own: other threads go on changing what is theirs.
        held += [value for value in list(inside) if isinstance(value, bytes) and value == raw]
    assert held == []
    assert back.is_open


def test_five_wrong_pins_end_it_for_good(clinic: OpenClinic) -> None:
    back = way_back(clinic)
    codes = [refused(back, "0000").code for _ in range(5)]
    assert codes == ["return_pin_wrong"] * 3 + ["return_pin_last", "return_over"]
    assert refused(back, PIN).code == "return_over"
    assert not back.is_open


def test_midnight_ends_it_and_so_does_a_clock_set_back(clinic: OpenClinic) -> None:
    back = way_back(clinic)
    clinic.clock.moment += timedelta(hours=13, minutes=59)
    assert back.data_key(PIN) == clinic.store.data_key
    clinic.clock.moment += timedelta(minutes=1)
    assert refused(back, PIN).code == "return_over"
    clinic.clock.moment -= timedelta(days=2)
    assert refused(back, PIN).code == "return_over"


def test_without_a_pin_or_with_one_switched_off_there_is_no_quick_way(clinic: OpenClinic) -> None:
    database, key, clock = clinic.store.database, clinic.store.key, clinic.clock
    assert prepare_return(database, clinic.nurse, key, clock, ZONE) is None
    way_back(clinic)
    for _ in range(5):
        with pytest.raises(ClinicError):
            clinic.services.identity.confirm(clinic.physician, "0000")
    assert prepare_return(database, clinic.physician, key, clock, ZONE) is None


@given(st.text(st.characters(), max_size=12))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_else_than_the_pin_opens(clinic: OpenClinic, typed: str) -> None:
    if typed == PIN:
        return
    verifier = clinic.services.identity._hasher.hash(PIN)
    back = QuickReturn(verifier, DataKey(b"k" * 32), clinic.clock, ZONE)
    refused(back, typed)


def test_the_minutes_are_the_managers_to_choose(clinic: OpenClinic) -> None:
    locking = clinic.services.desk_privacy
    assert locking.minutes() == 10
    assert locking.choose(clinic.physician, 0) == 10
    assert locking.minutes() == 0
    assert locking.choose(clinic.physician, 120) == 0
    for wrong in (-1, 121):
        with pytest.raises(ClinicError) as error:
            locking.choose(clinic.physician, wrong)
        assert error.value.field == "minutes"
    with pytest.raises(NotAllowed):
        locking.choose(clinic.nurse, 5)


def test_who_comes_back_is_looked_at_again_and_the_trail_is_told(clinic: OpenClinic) -> None:
    assert clinic.services.desk_privacy.let_back(clinic.nurse, wrong_pins=2).roles == {Role.NURSE}
    unlocked, wrong = clinic.services.audit.rows(clinic.physician, AuditFilter(), limit=2)
    assert (unlocked.act, unlocked.who, unlocked.after) == ("unlocked", "Nurse", {"with": "PIN"})
    assert (wrong.act, wrong.after["wrong"]) == ("refused", 2)
    with clinic.store.database.writing(None, clinic.clock()) as session:
        session.get_one(Account, clinic.nurse.account_id).active = False
    with pytest.raises(ClinicError) as closed:
        clinic.services.desk_privacy.let_back(clinic.nurse)
    assert closed.value.code == "account_closed"


def test_titles_name_nobody_unless_the_manager_wants_it(clinic: OpenClinic) -> None:
    privacy = clinic.services.desk_privacy
    assert not privacy.names_in_titles()
    with pytest.raises(NotAllowed):
        privacy.name_in_titles(clinic.nurse, True)
    assert privacy.name_in_titles(clinic.physician, True) is False
    assert privacy.names_in_titles()
    assert privacy.minutes() == 10, "one choice leaves the other"
