"""A new recovery code counts only once it was typed from its sheet; until then the old one does."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_app.errors import ClinicError, NotAllowed, WrongPassphrase
from clinic_app.models import AuditEntry
from clinic_app.models.keys import ALPHABET, KeyFile
from clinic_app.services.accounts import Accounts
from clinic_app.services.recovery_code import try_code, try_code_of
from tests.clinics import CHEAP
from tests.services.conftest import OpenClinic


@pytest.fixture
def accounts(clinic: OpenClinic) -> Accounts:
    return Accounts(clinic.store.database, clinic.clock, clinic.store.files.keys, clinic.store.key, cost=CHEAP)


def recovers(clinic: OpenClinic, code: str) -> bool:
    try:
        return KeyFile.read(clinic.store.files.keys).open_with_recovery(code) == clinic.store.data_key
    except WrongPassphrase:
        return False


def other(group: str) -> str:
    """A group that differs in one sign."""
    return ALPHABET[(ALPHABET.index(group[0]) + 1) % len(ALPHABET)] + group[1:]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.sets(st.integers(1, 8), min_size=1), wrong=st.booleans(), lower=st.booleans())
def test_the_groups_from_the_sheet_open_the_keys_and_one_wrong_sign_is_told_by_its_group(
    clinic: OpenClinic, numbers: set[int], wrong: bool, lower: bool
) -> None:
    groups = dict(enumerate(clinic.recovery_code.split("-"), start=1))
    typed = {number: groups[number].lower() if lower else groups[number] for number in numbers}
    if not wrong:
        try_code_of(clinic.store.files.keys, clinic.recovery_code, typed)
        return
    bad = max(numbers)
    with pytest.raises(ClinicError) as refused:
        try_code_of(clinic.store.files.keys, clinic.recovery_code, typed | {bad: other(groups[bad])})
    assert refused.value.field == f"group_{bad}"


def test_a_code_that_opens_nothing_is_told_even_when_it_is_typed_right(clinic: OpenClinic) -> None:
    """As when the sheet belongs to a key file that was replaced meanwhile."""
    keys = KeyFile(()).with_recovery("0000-" * 7 + "0000", b"k" * 32, CHEAP)
    with pytest.raises(WrongPassphrase):
        try_code(keys, clinic.recovery_code, {1: clinic.recovery_code[:4]})


def test_the_old_code_counts_until_the_new_one_was_typed(clinic: OpenClinic, accounts: Accounts) -> None:
    new = accounts.new_recovery_code(clinic.physician)
    groups = new.code.split("-")
    assert recovers(clinic, clinic.recovery_code) and not recovers(clinic, new.code)
    with pytest.raises(ClinicError) as refused:
        accounts.set_recovery_code(clinic.physician, new, {2: groups[1], 7: other(groups[6])})
    assert refused.value.field == "group_7"
    assert recovers(clinic, clinic.recovery_code) and not recovers(clinic, new.code)
    holders = set(KeyFile.read(clinic.store.files.keys).holders())
    accounts.set_recovery_code(clinic.physician, new, {2: groups[1], 7: groups[6]})
    assert recovers(clinic, new.code) and not recovers(clinic, clinic.recovery_code)
    assert set(KeyFile.read(clinic.store.files.keys).holders()) == holders
    with clinic.store.database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.kind, last.account_id, last.after) == (
        "clinic", clinic.physician.account_id, {"recovery_code": "set"},
    )  # fmt: skip


def test_only_the_manager_makes_one(clinic: OpenClinic, accounts: Accounts) -> None:
    with pytest.raises(NotAllowed):
        accounts.new_recovery_code(clinic.nurse)
    new = accounts.new_recovery_code(clinic.physician)
    with pytest.raises(NotAllowed):
        accounts.set_recovery_code(clinic.nurse, new, {})
    assert recovers(clinic, clinic.recovery_code)
