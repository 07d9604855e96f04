import json
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models import Account, AuditEntry
from clinic_app.services.identity import MOST_FAILURES, Confirmed, Identity, check_pin, require_confirmed
from tests.clinics import CHEAP, PASSPHRASE
from tests.services.conftest import OpenClinic

PIN = "4071"


def refused(clinic: OpenClinic, secret: str) -> str:
    with pytest.raises(ClinicError) as error:
        clinic.services.identity.confirm(clinic.physician, secret)
    assert error.value.field == "secret"
    assert secret not in str(error.value) or not secret
    return error.value.code


def with_pin(clinic: OpenClinic) -> Identity:
    clinic.services.identity.set_pin(clinic.physician, PASSPHRASE, PIN)
    return clinic.services.identity


def test_the_passphrase_confirms_and_leaves_nothing_of_itself(clinic: OpenClinic) -> None:
    confirmed = clinic.services.identity.confirm(clinic.physician, PASSPHRASE)
    assert confirmed == Confirmed(clinic.physician.account_id, clinic.clock())
    assert PASSPHRASE not in repr(confirmed)


def test_a_wrong_passphrase_an_unset_pin_and_nothing_are_told_apart(clinic: OpenClinic) -> None:
    assert refused(clinic, "four unrelated words hera") == "passphrase_not_right"
    assert refused(clinic, PASSPHRASE.upper()) == "passphrase_not_right"
    assert refused(clinic, PIN) == "pin_not_set"
    assert refused(clinic, "") == "secret_missing"


def test_a_pin_confirms_in_place_of_the_passphrase_until_it_is_removed(clinic: OpenClinic) -> None:
    assert not clinic.services.identity.has_pin(clinic.physician)
    identity = with_pin(clinic)
    assert identity.has_pin(clinic.physician)
    assert identity.confirm(clinic.physician, PIN).account_id == clinic.physician.account_id
    assert identity.confirm(clinic.physician, PASSPHRASE).account_id == clinic.physician.account_id
    assert refused(clinic, "4072") == "pin_wrong"
    identity.remove_pin(clinic.physician)
    assert not identity.has_pin(clinic.physician)
    assert refused(clinic, PIN) == "pin_not_set"


def test_after_five_wrong_pins_only_the_passphrase_counts(clinic: OpenClinic) -> None:
    identity = with_pin(clinic)
    assert [refused(clinic, "9182") for _ in range(MOST_FAILURES)] == ["pin_wrong"] * 4 + ["pin_locked"]
    assert refused(clinic, PIN) == "pin_locked"
    # Another start of the program knows it as well.
    again = Identity(clinic.store.database, clinic.clock, clinic.store.files.keys)
    with pytest.raises(ClinicError) as locked:
        again.confirm(clinic.physician, PIN)
    assert locked.value.code == "pin_locked"
    assert refused(clinic, "not the passphrase") == "passphrase_not_right"
    assert refused(clinic, PIN) == "pin_locked"
    identity.confirm(clinic.physician, PASSPHRASE)
    assert identity.confirm(clinic.physician, PIN)


def test_a_right_pin_forgives_the_wrong_ones_before_it(clinic: OpenClinic) -> None:
    identity = with_pin(clinic)
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            assert refused(clinic, "9182") == "pin_wrong"
        identity.confirm(clinic.physician, PIN)


def test_no_order_of_tries_gets_past_five_wrong_pins_in_a_row(clinic: OpenClinic) -> None:
    identity = Identity(clinic.store.database, clinic.clock, clinic.store.files.keys, pin_cost=CHEAP)
    identity.set_pin(clinic.physician, PASSPHRASE, PIN)
    typed = {"right": PIN, "wrong": "9182", "passphrase": PASSPHRASE, "bad passphrase": "four unrelated worlds here"}

    def outcome(secret: str) -> str:
        try:
            identity.confirm(clinic.physician, secret)
        except ClinicError as error:
            return error.code
        return "confirmed"

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.sampled_from(["wrong", *typed]), max_size=20))
    def run(tries: list[str]) -> None:
        assert outcome(PASSPHRASE) == "confirmed"
        wrong = 0
        for each in tries:
            if each == "passphrase":
                wrong, expected = 0, "confirmed"
            elif each == "bad passphrase":
                expected = "passphrase_not_right"
            elif wrong >= MOST_FAILURES:
                expected = "pin_locked"
            elif each == "right":
                wrong, expected = 0, "confirmed"
            else:
                wrong += 1
                expected = "pin_locked" if wrong == MOST_FAILURES else "pin_wrong"
            assert outcome(typed[each]) == expected

    run()


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("407", "pin_form"),
        ("407140714", "pin_form"),
        ("40 71", "pin_form"),
        ("٤٠٧١", "pin_form"),
        ("", "pin_form"),
        ("0000", "pin_repeats"),
        ("1212", "pin_repeats"),
        ("1234", "pin_in_a_row"),
        ("4321", "pin_in_a_row"),
        ("7890", "pin_in_a_row"),
        ("2468", "pin_in_a_row"),
        ("1961", "pin_like_a_year"),
        ("2031", "pin_like_a_year"),
        ("12031961", "pin_like_a_year"),
    ],
)
def test_a_pin_that_is_tried_first_is_refused_with_a_sentence(clinic: OpenClinic, pin: str, code: str) -> None:
    with pytest.raises(ClinicError) as error:
        clinic.services.identity.set_pin(clinic.physician, PASSPHRASE, pin)
    assert (error.value.code, error.value.field) == (code, "pin")
    assert not clinic.services.identity.has_pin(clinic.physician)


def test_most_pins_can_be_chosen() -> None:
    def usable(pin: str) -> bool:
        try:
            check_pin(pin)
        except ClinicError:
            return False
        return True

    assert sum(usable("".join(digits)) for digits in product("0123456789", repeat=4)) > 9000


def test_a_pin_is_set_only_with_the_right_passphrase_by_anybody(clinic: OpenClinic) -> None:
    for passphrase, code in (("", "pin_passphrase_missing"), ("something else", "passphrase_not_right")):
        with pytest.raises(ClinicError) as error:
            clinic.services.identity.set_pin(clinic.physician, passphrase, PIN)
        assert (error.value.code, error.value.field) == (code, "passphrase")
    clinic.services.identity.set_pin(clinic.desk, PASSPHRASE, PIN)  # to come back with after locking
    assert clinic.services.identity.has_pin(clinic.desk)


def test_one_persons_pin_is_nobody_elses(clinic: OpenClinic) -> None:
    identity = with_pin(clinic)
    with pytest.raises(ClinicError) as error:
        identity.confirm(clinic.nurse, PIN)
    assert error.value.code == "pin_not_set"


def test_without_the_key_file_the_pin_still_signs_and_the_passphrase_says_why_not(clinic: OpenClinic) -> None:
    with_pin(clinic)
    for key_file in (None, clinic.settings.data / "elsewhere.keys"):
        identity = Identity(clinic.store.database, clinic.clock, key_file)
        assert identity.confirm(clinic.physician, PIN)
        with pytest.raises(StoreProblem) as error:
            identity.confirm(clinic.physician, PASSPHRASE)
        assert error.value.field == "secret"
        assert "Sign with a PIN" in str(error.value)


def test_a_closed_account_confirms_nothing(clinic: OpenClinic) -> None:
    with_pin(clinic)
    with clinic.store.database.writing(None, clinic.clock()) as session:
        account = session.get(Account, clinic.physician.account_id)
        assert account is not None
        account.active = False
    assert refused(clinic, PIN) == "account_closed"


def test_the_audit_trail_knows_that_a_pin_was_set_and_not_which(clinic: OpenClinic) -> None:
    with_pin(clinic)
    assert refused(clinic, "9182") == "pin_wrong"
    with clinic.store.database.reading() as session:
        verifier = session.scalar(select(Account.pin_verifier).where(Account.id == clinic.physician.account_id))
        trail = list(session.scalars(select(AuditEntry).where(AuditEntry.kind == "account")))
    assert verifier is not None
    assert verifier.startswith("$argon2id$")
    changes = [entry for entry in trail if entry.what == "changed"]
    assert changes[0].before == {"pin_verifier": None}
    assert changes[0].after == {"pin_verifier": "set"}
    assert (changes[1].before, changes[1].after) == ({"pin_failures": 0}, {"pin_failures": 1})
    told = json.dumps([[entry.before, entry.after] for entry in trail])
    for secret in (PIN, "9182", "argon2", PASSPHRASE):
        assert secret not in told


def test_a_confirmation_is_for_one_person_and_one_minute(clinic: OpenClinic) -> None:
    at = clinic.clock()
    confirmed = clinic.confirmed()
    require_confirmed(clinic.physician, confirmed, at)
    require_confirmed(clinic.physician, confirmed, at + timedelta(seconds=60))
    for actor, moment in (
        (clinic.nurse, at),
        (clinic.physician, at + timedelta(seconds=61)),
        (clinic.physician, at - timedelta(seconds=61)),
    ):
        with pytest.raises(ClinicError) as error:
            require_confirmed(actor, confirmed, moment)
        assert error.value.field == "secret"


def test_nothing_is_signed_without_a_fresh_confirmation(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    visit_id = clinic.signed(patient_id)
    draft = clinic.services.charts.start(clinic.physician, patient_id)
    stale = replace(clinic.confirmed(), at=clinic.clock() - timedelta(minutes=2))
    for confirmed in (stale, clinic.confirmed(clinic.nurse)):
        with pytest.raises(ClinicError) as error:
            clinic.services.charts.sign(clinic.physician, draft.id, draft.version, clinic.content(), confirmed)
        assert error.value.code == "not_confirmed"
        with pytest.raises(ClinicError) as error:
            clinic.services.visits.add_addendum(clinic.physician, visit_id, "Side", "Left.", confirmed)
        assert error.value.code == "not_confirmed"
    assert len(clinic.services.visits.of_patient(clinic.physician, patient_id)) == 1
    assert clinic.services.charts.open(clinic.physician, draft.id).version == draft.version
