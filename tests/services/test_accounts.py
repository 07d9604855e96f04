"""Accounts: what the manager may do, and what a crash between record and key file leaves."""

import json
import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event, select

from clinic_app.errors import ClinicError, NotAllowed, StoreProblem, WrongPassphrase
from clinic_app.models import AuditEntry
from clinic_app.models.keys import KeyFile
from clinic_app.services.access import Actor
from clinic_app.services.accounts import AccountForm, Accounts
from clinic_app.services.stores import recover, unlock
from clinic_app.terms import Role
from tests.clinics import CHEAP, PASSPHRASE, taking_nothing
from tests.services.conftest import OpenClinic

OTHER = "seven quiet herons landing"
HOLM = AccountForm("Holm", "Dr. Ida Holm", frozenset({Role.PHYSICIAN}))
MANAGES = frozenset({Role.MANAGER})


class Killed(BaseException):
    """The program ends here."""


@pytest.fixture
def accounts(clinic: OpenClinic) -> Accounts:
    store = clinic.store
    return Accounts(store.database, clinic.clock, clinic.store.files.keys, store.key, cost=CHEAP)


def opens(clinic: OpenClinic, user_name: str, passphrase: str = PASSPHRASE) -> Actor | None:
    """Who the program lets in, or None."""
    try:
        store = unlock(clinic.settings, user_name, passphrase, clinic.clock)
    except WrongPassphrase:
        return None
    store.database.close()
    return store.actor


def holders(clinic: OpenClinic) -> set[str]:
    return set(KeyFile.read(clinic.store.files.keys).holders())


def second_manager(clinic: OpenClinic, accounts: Accounts) -> Actor:
    accounts.add(clinic.physician, replace(HOLM, roles=MANAGES), OTHER)
    actor = opens(clinic, "holm", OTHER)
    assert actor is not None
    return actor


def test_an_added_account_opens_the_clinic_in_its_roles(clinic: OpenClinic, accounts: Accounts) -> None:
    number = accounts.add(clinic.physician, HOLM, OTHER)
    actor = opens(clinic, "HOLM ", OTHER)
    assert actor == Actor(number, "holm", "Dr. Ida Holm", frozenset({Role.PHYSICIAN}))
    entry = next(each for each in accounts.entries(clinic.physician) if each.id == number)
    assert (entry.user_name, entry.active, entry.opens) == ("holm", True, True)


@pytest.mark.parametrize(
    ("changes", "passphrase", "field", "code"),
    [
        ({"user_name": " \t"}, OTHER, "user_name", "user_name_missing"),
        ({"user_name": "NURSE"}, OTHER, "user_name", "account_exists"),
        ({"user_name": " Recovery"}, OTHER, "user_name", "user_name_reserved"),
        ({"user_name": "a" * 101}, OTHER, "user_name", "text_too_long"),
        ({"full_name": ""}, OTHER, "full_name", "full_name_missing"),
        ({"full_name": "a" * 301}, OTHER, "full_name", "text_too_long"),
        ({"roles": frozenset()}, OTHER, "roles", "account_roles_missing"),
        ({}, "short", "passphrase", "passphrase_short"),
    ],
)
def test_what_cannot_be_added_is_told_at_its_field_and_leaves_nothing(
    clinic: OpenClinic, accounts: Accounts, changes: dict[str, object], passphrase: str, field: str, code: str
) -> None:
    keys, entries = clinic.store.files.keys.read(), accounts.entries(clinic.physician)
    with pytest.raises(ClinicError) as refused:
        accounts.add(clinic.physician, replace(HOLM, **changes), passphrase)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.code) == (field, code)
    assert str(refused.value)
    assert clinic.store.files.keys.read() == keys
    assert accounts.entries(clinic.physician) == entries


def test_nobody_but_the_manager_changes_accounts(clinic: OpenClinic, accounts: Accounts) -> None:
    desk, nurse = clinic.desk, clinic.nurse.account_id
    for attempt in (
        lambda: accounts.entries(desk),
        lambda: accounts.add(desk, HOLM, OTHER),
        lambda: accounts.change(desk, nurse, "N", MANAGES),
        lambda: accounts.deactivate(desk, nurse),
        lambda: accounts.withdraw(desk, nurse),
        lambda: accounts.activate(desk, nurse, OTHER),
        lambda: accounts.reset_passphrase(desk, nurse, OTHER),
        lambda: accounts.put_back(desk, nurse, None),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_who_is_the_manager_no_more_manages_nothing_in_a_window_that_is_open_still(
    clinic: OpenClinic, accounts: Accounts
) -> None:
    holm = second_manager(clinic, accounts)
    accounts.change(clinic.physician, holm.account_id, holm.full_name, frozenset({Role.NURSE}))
    with pytest.raises(NotAllowed):
        accounts.deactivate(holm, clinic.physician.account_id)
    accounts.deactivate(clinic.physician, holm.account_id)
    with pytest.raises(ClinicError) as refused:
        accounts.activate(holm, holm.account_id, OTHER)
    assert refused.value.code == "account_closed"
    with pytest.raises(ClinicError) as refused:
        accounts.change_passphrase(holm, OTHER, "another heron over the bay")
    assert opens(clinic, "holm", "another heron over the bay") is None


def test_name_and_roles_change_and_count_from_the_next_unlocking(clinic: OpenClinic, accounts: Accounts) -> None:
    roles = frozenset({Role.NURSE, Role.FRONT_DESK})
    accounts.change(clinic.physician, clinic.nurse.account_id, " Noor Haddad ", roles)
    assert opens(clinic, "nurse") == replace(clinic.nurse, full_name="Noor Haddad", roles=roles)
    accounts.change(clinic.physician, clinic.nurse.account_id, "Noor Haddad", frozenset({Role.FRONT_DESK}))
    actor = opens(clinic, "nurse")
    assert actor is not None
    assert actor.roles == {Role.FRONT_DESK}


def test_a_deactivated_account_loses_its_key_and_comes_back_with_a_new_one(
    clinic: OpenClinic, accounts: Accounts
) -> None:
    accounts.deactivate(clinic.physician, clinic.nurse.account_id)
    assert holders(clinic) == {"ellison", "desk"}
    assert opens(clinic, "nurse") is None
    with pytest.raises(ClinicError) as refused:
        accounts.reset_passphrase(clinic.physician, clinic.nurse.account_id, OTHER)
    assert refused.value.field == "passphrase"
    accounts.activate(clinic.physician, clinic.nurse.account_id, OTHER)
    assert opens(clinic, "nurse", OTHER) == clinic.nurse
    assert opens(clinic, "nurse") is None


def test_the_pin_does_not_come_back_with_an_account(clinic: OpenClinic, accounts: Accounts) -> None:
    holm = second_manager(clinic, accounts)
    clinic.services.identity.set_pin(clinic.physician, PASSPHRASE, "4071")
    accounts.deactivate(holm, accounts.add(clinic.physician, replace(HOLM, user_name="x"), OTHER))
    accounts.deactivate(holm, clinic.physician.account_id)
    accounts.activate(holm, clinic.physician.account_id, OTHER)
    assert not clinic.services.identity.has_pin(clinic.physician)


def test_the_last_manager_stays(clinic: OpenClinic, accounts: Accounts) -> None:
    manager = clinic.physician
    attempts: list[tuple[Callable[[], object], str]] = [
        (lambda: accounts.deactivate(manager, manager.account_id), "active"),
        (lambda: accounts.withdraw(manager, manager.account_id), "active"),
        (lambda: accounts.change(manager, manager.account_id, "M", frozenset({Role.PHYSICIAN})), "roles"),
    ]
    for attempt, field in attempts:
        with pytest.raises(ClinicError) as refused:
            attempt()
        assert (refused.value.code, refused.value.field) == ("account_last_manager", field)
    assert opens(clinic, "ellison") == manager
    holm = second_manager(clinic, accounts)
    accounts.deactivate(manager, manager.account_id)
    assert opens(clinic, "ellison") is None
    with pytest.raises(ClinicError) as refused:
        accounts.deactivate(holm, holm.account_id)
    assert refused.value.code == "account_last_manager"


def test_a_manager_without_a_key_does_not_count_as_one(clinic: OpenClinic, accounts: Accounts) -> None:
    second_manager(clinic, accounts)
    KeyFile.read(clinic.store.files.keys).without("holm").write(clinic.store.files.keys)
    with pytest.raises(ClinicError) as refused:
        accounts.deactivate(clinic.physician, clinic.physician.account_id)
    assert refused.value.code == "account_last_manager"
    recover(clinic.settings, clinic.recovery_code, "holm", OTHER, clinic.clock, cost=CHEAP)
    assert opens(clinic, "holm", OTHER) is not None


def test_a_reset_passphrase_replaces_the_forgotten_one_until_it_is_put_back(
    clinic: OpenClinic, accounts: Accounts
) -> None:
    nurse = clinic.nurse.account_id
    taken = accounts.reset_passphrase(clinic.physician, nurse, OTHER)
    assert opens(clinic, "nurse", OTHER) == clinic.nurse
    assert opens(clinic, "nurse") is None
    accounts.put_back(clinic.physician, nurse, taken)
    assert opens(clinic, "nurse") == clinic.nurse
    assert opens(clinic, "nurse", OTHER) is None
    accounts.put_back(clinic.physician, nurse, accounts.deactivate(clinic.physician, nurse))
    assert opens(clinic, "nurse") == clinic.nurse
    for wrong in (None, KeyFile.read(clinic.store.files.keys).slot("desk")):
        with pytest.raises(ClinicError) as refused:
            accounts.put_back(clinic.physician, nurse, wrong)
        assert refused.value.code == "account_without_passphrase"


def test_an_account_that_was_added_by_mistake_goes_unless_the_record_tells_of_it(
    clinic: OpenClinic, accounts: Accounts
) -> None:
    number = accounts.add(clinic.physician, HOLM, OTHER)
    accounts.withdraw(clinic.physician, number)
    assert number not in {each.id for each in accounts.entries(clinic.physician)}
    assert "holm" not in holders(clinic)
    holm = second_manager(clinic, accounts)
    accounts.change(holm, clinic.nurse.account_id, "Noor Haddad", frozenset({Role.NURSE}))
    accounts.withdraw(clinic.physician, holm.account_id)
    entry = next(each for each in accounts.entries(clinic.physician) if each.id == holm.account_id)
    assert (entry.active, entry.opens) == (False, False)
    with pytest.raises(ClinicError) as refused:
        accounts.withdraw(clinic.physician, 4096)
    assert refused.value.code == "account_gone"


def test_ones_own_passphrase_is_wrapped_anew_and_nothing_is_encrypted_again(
    clinic: OpenClinic, accounts: Accounts
) -> None:
    nurse = opens(clinic, "nurse")
    assert nurse is not None
    accounts.change_passphrase(nurse, PASSPHRASE, OTHER)
    keys = KeyFile.read(clinic.store.files.keys)
    assert keys.open("nurse", OTHER) == keys.open("desk", PASSPHRASE) == clinic.store.data_key
    assert opens(clinic, "nurse") is None
    for old, new, field in (
        (PASSPHRASE, "yet another good one here", "old"),
        (OTHER, OTHER, "new"),
        (OTHER, "short", "new"),
        (OTHER, "", "new"),
    ):
        with pytest.raises(ClinicError) as refused:
            accounts.change_passphrase(nurse, old, new)
        assert refused.value.field == field
    assert opens(clinic, "nurse", OTHER) == nurse


def test_every_change_is_in_the_trail_and_no_passphrase_is(clinic: OpenClinic, accounts: Accounts) -> None:
    number = accounts.add(clinic.physician, HOLM, OTHER)
    accounts.change(clinic.physician, number, "Ida Holm", MANAGES)
    accounts.reset_passphrase(clinic.physician, number, "eleven slow ferries home")
    accounts.deactivate(clinic.physician, number)
    with clinic.store.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.kind == "account", AuditEntry.record_id == number)
        )
        told = [(each.account_id, each.what, each.after) for each in entries]
        roles = session.scalars(select(AuditEntry.what).where(AuditEntry.kind == "account_role")).all()
    manager = clinic.physician.account_id
    assert [(who, what) for who, what, _ in told] == [(manager, "created"), *[(manager, "changed")] * 3]
    assert told[1][2] == {"full_name": "Ida Holm"}
    assert told[2][2] == {"passphrase": "set"}
    assert told[3][2] == {"active": False}
    assert {"created", "removed"} <= set(roles)
    assert OTHER not in json.dumps(told)


def test_a_crash_before_the_record_is_written_lets_nobody_new_in(clinic: OpenClinic, accounts: Accounts) -> None:
    """The slot is there, the account is not, or not active: it opens nothing, and all others open as before."""
    accounts.deactivate(clinic.physician, clinic.nurse.account_id)
    engine = clinic.store.database.engine

    def die(_connection: object) -> None:
        raise Killed

    event.listen(engine, "commit", die)
    for attempt in (
        lambda: accounts.activate(clinic.physician, clinic.nurse.account_id, OTHER),
        lambda: accounts.add(clinic.physician, HOLM, OTHER),
    ):
        with pytest.raises(Killed):
            attempt()
        engine.dispose()  # the connections of a program end with it
    event.remove(engine, "commit", die)
    assert ("holm" in holders(clinic)) is not clinic.on_server  # a server takes back the keys with the record
    assert opens(clinic, "holm", OTHER) is opens(clinic, "nurse", OTHER) is None
    assert opens(clinic, "ellison") == clinic.physician
    assert opens(clinic, "desk") == clinic.desk
    with pytest.raises(ClinicError):
        recover(clinic.settings, clinic.recovery_code, "nurse", OTHER, clinic.clock, cost=CHEAP)
    # The next change sweeps, and what was tried works when it is done again.
    accounts.deactivate(clinic.physician, accounts.add(clinic.physician, replace(HOLM, user_name="x"), OTHER))
    assert holders(clinic) == {"ellison", "desk"}
    accounts.add(clinic.physician, HOLM, OTHER)
    assert opens(clinic, "holm", OTHER) is not None


@pytest.mark.about_files
def test_a_crash_after_the_record_is_written_lets_nobody_in_who_was_put_out(
    clinic: OpenClinic, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slot is there still, the account is not active: it opens nothing, and the next change sweeps it away."""
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", _die)
        with pytest.raises(Killed):
            accounts.deactivate(clinic.physician, clinic.nurse.account_id)
    assert "nurse" in holders(clinic)
    assert opens(clinic, "nurse") is None
    assert opens(clinic, "desk") == clinic.desk
    accounts.reset_passphrase(clinic.physician, clinic.desk.account_id, OTHER)
    assert holders(clinic) == {"ellison", "desk"}


@pytest.mark.about_files
@pytest.mark.parametrize("error", [Killed(), OSError(28, "no space")])
def test_a_key_file_that_cannot_be_written_leaves_everybody_as_they_were(
    clinic: OpenClinic, accounts: Accounts, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(_handle: int) -> None:
        raise error

    entries, keys = accounts.entries(clinic.physician), clinic.store.files.keys.read()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        for attempt in (
            lambda: accounts.add(clinic.physician, HOLM, OTHER),
            lambda: accounts.reset_passphrase(clinic.physician, clinic.nurse.account_id, OTHER),
            lambda: accounts.change_passphrase(clinic.nurse, PASSPHRASE, OTHER),
        ):
            with pytest.raises((Killed, StoreProblem)):
                attempt()
    assert accounts.entries(clinic.physician) == entries
    assert clinic.store.files.keys.read() == keys
    assert {each.name for each in clinic.settings.data.iterdir() if each.name.startswith("clinic.keys")} == {
        "clinic.keys"
    }
    assert opens(clinic, "nurse") == clinic.nurse


def test_keys_that_the_store_does_not_take_leave_everybody_as_they_were(clinic: OpenClinic, accounts: Accounts) -> None:
    entries, keys = accounts.entries(clinic.physician), clinic.store.files.keys.read()
    with taking_nothing(clinic.store.database):
        for attempt in (
            lambda: accounts.add(clinic.physician, HOLM, OTHER),
            lambda: accounts.deactivate(clinic.physician, clinic.nurse.account_id),
            lambda: accounts.change_passphrase(clinic.nurse, PASSPHRASE, OTHER),
        ):
            with pytest.raises(StoreProblem) as refused:
                attempt()
            assert refused.value.code == "store_read_only"
    assert accounts.entries(clinic.physician) == entries
    assert clinic.store.files.keys.read() == keys
    assert opens(clinic, "nurse") == clinic.nurse


def _die(_handle: int) -> None:
    raise Killed
