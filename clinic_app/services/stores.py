"""A clinic's store as a whole: set it up, open it with a passphrase, recover it, add people who may open it."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, StoreProblem, WrongPassphrase
from clinic_app.models import Account, Clinic
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import (
    Announce,
    Database,
    encrypted_engine,
    store_problems,
    tell,
)
from clinic_app.models.drives import on_the_network
from clinic_app.models.keys import Cost, KeyFile, fold_name, new_data_key, new_recovery_code
from clinic_app.models.private_files import private_folder, write_private
from clinic_app.models.rekeying import finish
from clinic_app.models.research_key import ResearchKey
from clinic_app.models.server import OPEN_HERE, WORK_ACCOUNT, ServerAddress, server_engine
from clinic_app.models.server_rights import grant_work, may_change_tables, require_new_enough
from clinic_app.models.small_files import SmallFiles
from clinic_app.models.snapshot import snapshot
from clinic_app.models.upgrade import HEAD, current_revision, upgrade
from clinic_app.services.access import Actor
from clinic_app.services.accounts import AccountForm, Accounts, check_user_name
from clinic_app.services.audit import note_unlocked
from clinic_app.services.clinics import furnish, new_account
from clinic_app.services.clock import Clock
from clinic_app.services.passphrases import check_passphrase
from clinic_app.services.patients import clean
from clinic_app.services.unlock_tries import begin_try, forget_tries, seconds_to_wait, tries
from clinic_app.settings import Settings, workstation_name
from clinic_app.terms import LabelRegion, PaperSize, Role

_PAGE = 4096
"""Bytes of a page of SQLCipher."""


@dataclass(frozen=True, slots=True)
class NewClinic:
    """The answers of the first-run page."""

    name: str
    country: str
    time_zone: str
    language: str
    paper_size: PaperSize
    label_region: LabelRegion
    full_name: str
    user_name: str
    roles: frozenset[Role]
    passphrase: str


@dataclass(frozen=True, slots=True)
class OpenStore:
    """An unlocked store and who unlocked it. The data key stays in memory until the store is locked."""

    database: Database
    actor: Actor
    key: DataKey
    files: SmallFiles

    @property
    def research_key(self) -> ResearchKey:
        """Under which pseudonyms patients stand in research exports."""
        return ResearchKey(self.files.research, self.key)

    @property
    def data_key(self) -> bytes:
        """The data key. Raises StoreProblem while the store is locked."""
        return self.key.reveal()

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def lock(self) -> None:
        """Close every connection, which wipes what SQLCipher holds, and drop the key."""
        self.close()
        self.key.drop()


def set_up(settings: Settings, answers: NewClinic, clock: Clock, *, cost: Cost | None = None) -> str:
    """Make a new clinic in the data folder and return its recovery code, to be printed and never stored.

    On a server the address names the owner's account, and the database there is empty. Raises ClinicError with the
    field that is wrong, or StoreProblem; nothing half-made stays behind.
    """
    answers = _checked(answers)
    if settings.database_url:
        return _set_up_on_server(settings, answers, clock, cost or Cost())
    if settings.exists:
        raise StoreProblem("store_exists", folder=settings.data)
    _refuse_share(settings)
    private_folder(settings.data)
    cost = cost or Cost()
    data_key, code = new_data_key(), new_recovery_code()
    keys = KeyFile(()).with_holder(answers.user_name, answers.passphrase, data_key, cost)
    keys = keys.with_recovery(code, data_key, cost)
    database = Database(encrypted_engine(settings.database_file, data_key), workstation=workstation_name())
    try:
        upgrade(database.engine)
        settings.database_file.chmod(0o600)
        with database.writing(None, clock()) as session:
            _write_clinic(session, answers, clock)
        # The keys come last: a folder with a key file holds a whole clinic.
        keys.write(settings.key_file)
    except BaseException:
        database.close()
        for leftover in settings.data.glob("clinic.db*"):
            leftover.unlink()
        raise
    database.close()
    return code


def unlock(
    settings: Settings,
    user_name: str,
    passphrase: str,
    clock: Clock,
    announce: Announce | None = None,
    *,
    noted: bool = True,
) -> OpenStore:
    """Open the clinic for a person, with a line in its audit trail unless it is not ``noted``.

    Raises WrongPassphrase with how many ``seconds`` the next try must wait, ClinicError while it must, or StoreProblem.
    """
    files = _small_files(settings)
    keys = _keys(settings, files)
    wrong_before = tries(settings.tries_file)
    begin_try(settings.tries_file, clock())
    try:
        data_key = keys.open(user_name, passphrase)
    except WrongPassphrase as error:
        error.parameters["seconds"] = seconds_to_wait(settings.tries_file, clock())
        raise
    try:
        store = _open(settings, files, data_key, user_name, clock, announce)
    except StoreProblem:
        forget_tries(settings.tries_file)  # the passphrase was right
        raise
    # A rekey that was under way refuses new connections, but one that waited could get the old file.
    if KeyFile.read(files.keys).slot(user_name) != keys.slot(user_name) or settings.rekeyed_folder.exists():
        store.database.close()
        raise StoreProblem("store_busy")
    if noted:
        # A full disk or a folder that is read-only keeps nobody from reading the record.
        with suppress(StoreProblem), store_problems():
            note_unlocked(store.database, store.actor, clock(), wrong_before)
            if store.database.line is not None:
                store.database.line.forget_marks(clock())
    forget_tries(settings.tries_file)
    return store


def recover(
    settings: Settings, code: str, user_name: str, passphrase: str, clock: Clock, *, cost: Cost | None = None
) -> None:
    """Give an account a new passphrase with the recovery code, also one that has none any more.

    Raises WrongPassphrase, StoreProblem, or ClinicError with the field.
    """
    files = _small_files(settings)
    keys = _keys(settings, files)
    data_key = keys.open_with_recovery(code)
    _require_file(settings)
    database = Database(_engine(settings, DataKey(data_key)))
    try:
        with database.reading() as session:
            # Single columns: the store may be older than the program.
            accounts = dict(row for row in session.execute(select(Account.user_name, Account.active)))
            account_id = session.scalar(select(Account.id).where(Account.user_name == fold_name(user_name)))
            clinic_name = session.scalars(select(Clinic.name)).one()
        if fold_name(user_name) not in accounts:
            # Whoever has the code reads everything; on a new machine nobody may remember how the accounts are called.
            names = ", ".join(sorted(name for name, active in accounts.items() if active))
            raise ClinicError("account_unknown", field="user_name", name=user_name.strip(), names=names)
        if not accounts[fold_name(user_name)]:
            raise ClinicError("account_closed", field="user_name")
        check_passphrase(passphrase, (user_name, clinic_name))
        keys.with_holder(user_name, passphrase, data_key, cost or Cost()).write(files.keys)
        # A record of an earlier release has no room for it before it is upgraded, and a full disk locks nobody out.
        with suppress(StoreProblem, OperationalError), database.writing(None, clock()) as session:
            tell(session, "changed", "account", account_id, after={"passphrase": "set with the recovery code"})
    finally:
        database.close()
    forget_tries(settings.tries_file)  # who has the code need not wait for having forgotten the passphrase


def finish_rekey(settings: Settings) -> None:
    """Put the files of a rekey in place that counted and was broken off. Raises StoreProblem."""
    files = (settings.database_file, settings.research_key_file, settings.key_file)
    finish(settings.rekeyed_folder, files, settings.data.glob(f"{settings.database_file.name}.before-*"))


def add_person(
    settings: Settings,
    store: OpenStore,
    clock: Clock,
    *,
    full_name: str,
    user_name: str,
    roles: frozenset[Role],
    passphrase: str,
    cost: Cost | None = None,
) -> int:
    """Add an account that can open the clinic; returns its id. Raises what ``Accounts.add`` raises."""
    accounts = Accounts(store.database, clock, store.files.keys, store.key, cost=cost or Cost())
    form = AccountForm(user_name=user_name, full_name=full_name, roles=roles)
    return accounts.add(store.actor, form, passphrase)


def save_for_owner_only(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, such as the recovery sheet. Raises StoreProblem."""
    write_private(path, content)


def _open(
    settings: Settings,
    files: SmallFiles,
    data_key: bytes,
    user_name: str,
    clock: Clock,
    announce: Announce | None,
) -> OpenStore:
    _require_file(settings)
    key = DataKey(data_key)
    engine = _engine(settings, key)
    database = Database(engine, workstation=workstation_name(), announce=announce)
    try:
        with store_problems(), engine.connect() as connection:
            revision = current_revision(connection)
        if revision is None:
            raise StoreProblem("store_damaged")  # emptied: beside a key file there was a clinic
        if settings.database_url:
            _require_open_for_work(engine)
        else:
            upgrade(engine, before_change=lambda revision: _copy_aside(settings.database_file, data_key, revision))
        with database.reading() as session:
            account = session.scalar(select(Account).where(Account.user_name == fold_name(user_name)))
            if account is None or not account.active:
                raise WrongPassphrase("passphrase_wrong", field="passphrase")
            roles = frozenset(role.role for role in account.roles)
            actor = Actor(account.id, account.user_name, account.full_name, roles)
    except BaseException:
        database.close()
        raise
    return OpenStore(database, actor, key, files)


def _set_up_on_server(settings: Settings, answers: NewClinic, clock: Clock, cost: Cost) -> str:
    """The same on a server: the owner's account makes the tables, and the account for work gets its rights."""
    owner = ServerAddress.read(settings.database_url)
    data_key, code = new_data_key(), new_recovery_code()
    keys = KeyFile(()).with_holder(answers.user_name, answers.passphrase, data_key, cost)
    keys = keys.with_recovery(code, data_key, cost)
    database = Database(server_engine(owner), workstation=workstation_name())
    try:
        with store_problems():
            require_new_enough(database.engine)
            with database.engine.connect() as connection:
                if current_revision(connection) is not None:
                    raise StoreProblem("server_has_clinic")
            if not may_change_tables(database.engine):
                raise StoreProblem("server_owner_needed", account=owner.account)
            # One transaction: a server that stops half-way is empty again.
            upgrade(database.engine)
            grant_work(database.engine, WORK_ACCOUNT)
            with database.writing(None, clock()) as session:
                _write_clinic(session, answers, clock)
                SmallFiles.on_server(database.engine).keys.write_with(session, keys.content())
    finally:
        database.close()
    return code


def _refuse_share(settings: Settings) -> None:
    if on_the_network(settings.data):
        raise StoreProblem("store_on_share", folder=settings.data)


def _write_clinic(session: Session, answers: NewClinic, clock: Clock) -> None:
    session.add(
        Clinic(
            name=answers.name,
            country=answers.country,
            time_zone=answers.time_zone,
            language=answers.language,
            paper_size=answers.paper_size,
            label_region=answers.label_region,
        )
    )
    account = new_account(session, fold_name(answers.user_name), answers.full_name, answers.roles, clock)
    furnish(session, [account.id] if Role.PHYSICIAN in answers.roles else [])


def _require_open_for_work(engine: Engine) -> None:
    """A workstation changes no tables of a server: others may be at work, and its account may not.

    Asked of each connection from now on: the tables may be changed while the line is down or the clinic is locked.
    """

    def ask(connection: Any, _record: object = None) -> None:
        asked = f"SELECT pg_try_advisory_xact_lock_shared({OPEN_HERE}), version_num FROM alembic_version"
        try:
            free, revision = connection.execute(asked).fetchone()
            connection.rollback()
            if not free:
                raise StoreProblem("server_upgrading")
            if revision != HEAD:
                raise StoreProblem("server_older" if revision < HEAD else "store_newer")
        except BaseException:
            connection.close()  # the pool forgets it
            raise

    engine.dispose()  # those there are were not asked
    event.listen(engine, "connect", ask)
    with store_problems(), engine.connect():
        pass


def _small_files(settings: Settings) -> SmallFiles:
    if not settings.database_url:
        _refuse_share(settings)
        return SmallFiles.in_folder(settings)
    engine = server_engine(ServerAddress.read(settings.database_url))
    with store_problems():
        require_new_enough(engine)
        with engine.connect() as connection:
            # Beside a clinic that was never set up there may be tables of another program.
            if current_revision(connection) is None:
                raise StoreProblem("server_without_clinic")
    return SmallFiles.on_server(engine)


def _keys(settings: Settings, files: SmallFiles) -> KeyFile:
    if not settings.database_url:
        finish_rekey(settings)
    with store_problems():
        return KeyFile.read(files.keys)


def _require_file(settings: Settings) -> None:
    # To connect to a file that is missing, or shorter than a page, would make a new clinic in it.
    if settings.database_url:
        return
    if not settings.database_file.exists() or settings.database_file.stat().st_size < _PAGE:
        raise StoreProblem("database_missing", folder=settings.data)


def _engine(settings: Settings, key: DataKey) -> Engine:
    if settings.database_url:
        return server_engine(ServerAddress.read(settings.database_url), key)
    return encrypted_engine(settings.database_file, key)


def _copy_aside(file: Path, data_key: bytes, revision: str) -> None:
    """Keep the record as it was before an upgrade, with what the write-ahead log holds; encrypted like the original."""
    copy = file.with_name(f"{file.name}.before-{revision}")
    copy.unlink(missing_ok=True)  # of an upgrade that was broken off
    snapshot(file, data_key, copy)


def _checked(answers: NewClinic) -> NewClinic:
    cleaned = NewClinic(
        name=clean(answers.name),
        country=answers.country,
        time_zone=answers.time_zone,
        language=answers.language,
        paper_size=answers.paper_size,
        label_region=answers.label_region,
        full_name=clean(answers.full_name),
        user_name=answers.user_name.strip(),
        roles=answers.roles | {Role.MANAGER},
        passphrase=answers.passphrase,
    )
    for field, limit in (("name", 300), ("full_name", 300), ("user_name", 100)):
        value = getattr(cleaned, field)
        if not value:
            raise ClinicError(f"{field}_missing", field=field)
        if len(value) > limit:
            raise ClinicError("text_too_long", field=field, limit=limit)
    try:
        ZoneInfo(cleaned.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ClinicError("time_zone_unknown", field="time_zone", zone=cleaned.time_zone) from error
    check_user_name(cleaned.user_name)
    check_passphrase(cleaned.passphrase, (cleaned.user_name, cleaned.full_name, cleaned.name))
    return cleaned
