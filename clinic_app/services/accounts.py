"""Who may open the clinic, and as what: the accounts of the record and their passphrases in the key file.

Two files cannot change in one step, so their order is fixed: a slot is written before its account counts, and removed
after it counts no more. What a crash leaves between is a slot too many. It opens nothing, because the record decides
who is let in, and the next change sweeps it away. No active account is ever without its slot, so nobody is locked out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotAllowed, NotFound, WrongPassphrase
from clinic_app.models import Account, AccountRole, Clinic
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database, tell
from clinic_app.models.keys import RECOVERY, Cost, KeyFile, Slot, fold_name, new_recovery_code
from clinic_app.models.small_files import SmallFile, small_file
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clinics import new_account
from clinic_app.services.clock import Clock
from clinic_app.services.passphrases import check_passphrase
from clinic_app.services.recovery_code import NewCode, try_code
from clinic_app.terms import Role
from clinic_app.typed_text import clean

LONGEST_FULL_NAME, LONGEST_USER_NAME = 300, 100


@dataclass(frozen=True, slots=True)
class AccountForm:
    """What the manager fills in. The user name is chosen once: it is part of what the passphrase opens."""

    user_name: str
    full_name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account on the manager's list. ``opens`` tells whether the key file has a passphrase for it."""

    id: int
    user_name: str
    full_name: str
    roles: frozenset[Role]
    active: bool
    opens: bool


class Accounts:
    """The use cases of the manager, and everybody's own change of passphrase."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        key_file: Path | SmallFile,
        data_key: DataKey,
        *,
        cost: Cost | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._key_file = small_file(key_file)
        self._data_key = data_key
        self._cost = cost or Cost()

    def entries(self, actor: Actor) -> tuple[AccountEntry, ...]:
        """All accounts by name, those out of use last."""
        require(actor, Act.SETTINGS)
        holders = KeyFile.read(self._key_file).holders()
        with self._database.reading() as session:
            accounts = session.scalars(select(Account).order_by(Account.active.desc(), Account.full_name, Account.id))
            return tuple(
                AccountEntry(
                    a.id, a.user_name, a.full_name, frozenset(r.role for r in a.roles), a.active, a.user_name in holders
                )
                for a in accounts
            )

    def add(self, actor: Actor, form: AccountForm, passphrase: str) -> int:
        """A new account that opens the clinic with this passphrase; returns its id.

        Raises ClinicError with the field: a name or role is missing, a name is taken, a passphrase is too weak.
        """
        require(actor, Act.SETTINGS)
        form = _checked(form)
        self._check_passphrase(passphrase, form.user_name, form.full_name)
        with self._managing(actor) as session:
            if session.scalar(select(Account.id).where(Account.user_name == form.user_name)) is not None:
                raise ClinicError("account_exists", field="user_name", name=form.user_name)
            account = new_account(session, form.user_name, form.full_name, form.roles, self._clock)
            keys = self._keys(session).with_holder(form.user_name, passphrase, self._data_key.reveal(), self._cost)
            self._write(session, keys)
            return account.id

    def withdraw(self, actor: Actor, account_id: int) -> None:
        """Take back an account that was added: it goes, or is deactivated where the record tells of it already."""
        with self._managing(actor) as session:
            account = _get(session, account_id)
            try:
                with session.begin_nested():
                    session.delete(account)
            except IntegrityError:
                account.active = False
            self._require_manager(session, "active")
        self._sweep(actor)

    def change(self, actor: Actor, account_id: int, full_name: str, roles: frozenset[Role]) -> None:
        """Another name or other roles, which count from the next unlocking on. Raises ClinicError with the field."""
        require(actor, Act.SETTINGS)
        with self._managing(actor) as session:
            account = _get(session, account_id)
            form = _checked(AccountForm(account.user_name, full_name, roles))
            account.full_name = form.full_name
            had = {each.role: each for each in account.roles}
            for role in sorted(had.keys() - form.roles):
                account.roles.remove(had[role])
            account.roles.extend(AccountRole(role=role) for role in sorted(form.roles - had.keys()))
            self._require_manager(session, "roles")

    def deactivate(self, actor: Actor, account_id: int) -> Slot | None:
        """The account opens nothing any more; returns what ``put_back`` needs.

        Raises ClinicError for the last active manager.
        """
        with self._managing(actor) as session:
            account = _get(session, account_id)
            taken = KeyFile.read(self._key_file).slot(account.user_name)
            account.active = False
            self._require_manager(session, "active")
        self._sweep(actor)
        return taken

    def activate(self, actor: Actor, account_id: int, passphrase: str) -> None:
        """The account opens the clinic again, with a new passphrase and without the PIN that it had."""
        names = self._names(actor, account_id)
        self._check_passphrase(passphrase, *names)
        with self._managing(actor) as session:
            account = _get(session, account_id)
            account.active, account.pin_verifier, account.pin_failures = True, None, 0
            self._give(session, account, passphrase)

    def reset_passphrase(self, actor: Actor, account_id: int, passphrase: str) -> Slot | None:
        """Another passphrase for somebody who forgot it; returns what ``put_back`` needs."""
        names = self._names(actor, account_id)
        self._check_passphrase(passphrase, *names)
        with self._managing(actor) as session:
            account = _get(session, account_id)
            if not account.active:
                raise ClinicError("account_inactive", field="passphrase")
            taken = KeyFile.read(self._key_file).slot(account.user_name)
            self._give(session, account, passphrase)
            return taken

    def put_back(self, actor: Actor, account_id: int, taken: Slot | None) -> None:
        """The account opens the clinic with the passphrase that it had before a reset or before it was deactivated."""
        with self._managing(actor) as session:
            account = _get(session, account_id)
            if taken is None or taken.holder != account.user_name:
                raise ClinicError("account_without_passphrase", field="passphrase")
            account.active = True
            self._note_passphrase(session, account)
            self._write(session, self._keys(session).with_slot(taken))

    def change_passphrase(self, actor: Actor, old: str, new: str) -> None:
        """Another passphrase of one's own. It wraps the data key anew; the record stays encrypted as it was.

        Raises ClinicError with the field "old" or "new".
        """
        slot = KeyFile.read(self._key_file).slot(actor.user_name)
        try:
            data_key = KeyFile.read(self._key_file).open(actor.user_name, old)
        except WrongPassphrase as error:
            raise ClinicError("passphrase_not_right", field="old") from error
        if old == new:
            raise ClinicError("passphrase_same", field="new")
        self._check_passphrase(new, actor.user_name, actor.full_name, field="new")
        with self._changing(actor) as session:
            account = _get(session, actor.account_id)
            keys = KeyFile.read(self._key_file)
            # The manager may have given another one while this one was checked, outside the transaction.
            if keys.slot(actor.user_name) != slot:
                raise ClinicError("passphrase_not_right", field="old")
            self._note_passphrase(session, account)
            self._write(session, keys.with_holder(actor.user_name, new, data_key, self._cost))

    def new_recovery_code(self, actor: Actor) -> NewCode:
        """Another recovery code. The one that there is counts until ``set_recovery_code``."""
        require(actor, Act.SETTINGS)
        code = new_recovery_code()
        return NewCode(code, KeyFile(()).with_recovery(code, self._data_key.reveal(), self._cost).slots[0])

    def set_recovery_code(self, actor: Actor, new: NewCode, typed: Mapping[int, str]) -> None:
        """The new code recovers in place of the one before, once groups of it were typed from its sheet.

        Raises ClinicError with the field of the group that is wrong; then the code before still counts.
        """
        with self._managing(actor) as session:
            try_code(KeyFile((new.slot,)), new.code, typed)
            session.info["kinds"].add("clinic")
            tell(session, "changed", "clinic", session.scalars(select(Clinic.id)).one(), after={"recovery_code": "set"})
            self._write(session, self._keys(session).with_slot(new.slot))

    @contextmanager
    def _managing(self, actor: Actor) -> Iterator[Session]:
        """A change by somebody who is the manager still: another manager may have ended that meanwhile."""
        require(actor, Act.SETTINGS)
        with self._changing(actor) as session:
            if Role.MANAGER not in {each.role for each in _get(session, actor.account_id).roles}:
                raise NotAllowed(f"not_allowed_{Act.SETTINGS.value}")
            yield session

    @contextmanager
    def _changing(self, actor: Actor) -> Iterator[Session]:
        with self._database.writing(actor.account_id, self._clock()) as session:
            if not _get(session, actor.account_id).active:
                raise ClinicError("account_closed")
            yield session

    def _write(self, session: Session, keys: KeyFile) -> None:
        """Write the keys; a commit that then fails, as on a full disk, leaves them as they were."""
        self._key_file.write_with(session, keys.content())

    def _give(self, session: Session, account: Account, passphrase: str) -> None:
        self._note_passphrase(session, account)
        keys = self._keys(session).with_holder(account.user_name, passphrase, self._data_key.reveal(), self._cost)
        self._write(session, keys)

    def _keys(self, session: Session) -> KeyFile:
        """The key file without what a crash left over."""
        session.flush()
        active = session.scalars(select(Account.user_name).where(Account.active)).all()
        return KeyFile.read(self._key_file).only(active)

    def _sweep(self, actor: Actor) -> None:
        """Remove the slots of accounts that count no more. Those who did it may be among them."""
        with self._database.writing(actor.account_id, self._clock()) as session:
            keys = self._keys(session)
            if keys != KeyFile.read(self._key_file):
                self._write(session, keys)

    def _require_manager(self, session: Session, field: str) -> None:
        session.flush()
        managers = session.scalars(
            select(Account.user_name).join(AccountRole).where(Account.active, AccountRole.role == Role.MANAGER)
        )
        if not set(managers) & set(KeyFile.read(self._key_file).holders()):
            raise ClinicError("account_last_manager", field=field)

    def _names(self, actor: Actor, account_id: int) -> tuple[str, str]:
        require(actor, Act.SETTINGS)
        with self._database.reading() as session:
            account = _get(session, account_id)
            return account.user_name, account.full_name

    def _check_passphrase(self, passphrase: str, *names: str, field: str = "passphrase") -> None:
        with self._database.reading() as session:
            clinic_name = session.scalars(select(Clinic.name)).one()
        check_passphrase(passphrase, (*names, clinic_name), field)

    def _note_passphrase(self, session: Session, account: Account) -> None:
        """The record itself has no passphrase that could change, so the trail is told of it here."""
        session.flush()
        session.info["kinds"].add("account")
        tell(session, "changed", "account", account.id, after={"passphrase": "set"})


def check_user_name(user_name: str) -> None:
    """Raise ClinicError for the one name under which the key file keeps the recovery code."""
    if fold_name(user_name) == RECOVERY:
        raise ClinicError("user_name_reserved", field="user_name", name=user_name.strip())


def _checked(form: AccountForm) -> AccountForm:
    form = replace(form, user_name=fold_name(clean(form.user_name)), full_name=clean(form.full_name))
    if not form.full_name:
        raise ClinicError("full_name_missing", field="full_name")
    if not form.user_name:
        raise ClinicError("user_name_missing", field="user_name")
    for field, text, most in (
        ("full_name", form.full_name, LONGEST_FULL_NAME),
        ("user_name", form.user_name, LONGEST_USER_NAME),
    ):
        if len(text) > most:
            raise ClinicError("text_too_long", field=field, limit=most)
    check_user_name(form.user_name)
    if not form.roles:
        raise ClinicError("account_roles_missing", field="roles")
    return form


def _get(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("account_gone")
    return account
