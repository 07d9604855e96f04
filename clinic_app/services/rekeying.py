"""Rekey: a new data key, the record encrypted anew with it, and a new recovery code.

For the day on which somebody may have got the key itself: a passphrase that became known needs only to be changed. The
manager who does it keeps the passphrase; every other account gets a new one from the manager. Backups made until then
go on opening with the keys in them. Design: docs/decisions/0015.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import StoreProblem
from clinic_app.models import Clinic
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database, encrypted_engine, tell
from clinic_app.models.keys import Cost, KeyFile, new_data_key, new_recovery_code
from clinic_app.models.private_files import private_folder, usable
from clinic_app.models.rekeying import content_digests, digests_of, encrypt_anew, flush, only_connection
from clinic_app.models.research_key import ResearchKey
from clinic_app.models.snapshot import damage
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.backups import scratch
from clinic_app.services.clock import Clock
from clinic_app.settings import Settings, workstation_name

CHOICE = "rekeyed_at"
Stage = Callable[[str], object]


def _unheard(stage: str) -> None:
    """For whoever does not ask how far the work is."""


def rekeyed_at(session: Session) -> datetime | None:
    """When the record was last encrypted anew; None where it never was."""
    kept = session.scalars(select(Clinic.choices)).one().get(CHOICE)
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None


def encrypt_record_anew(
    settings: Settings,
    actor: Actor,
    data_key: bytes,
    passphrase: str,
    clock: Clock,
    *,
    cost: Cost | None = None,
    stage: Stage = _unheard,
) -> str:
    """Make the record anew beside the old one, compare them, and let the new one count; returns its recovery code.

    ``stores.finish_rekey`` then puts the files in place. ``stage`` hears before each stage what comes; what it raises
    ends the work, and the old record stays as it was. Raises NotAllowed, or StoreProblem: a window is open, the disk is
    full.
    """
    require(actor, Act.SETTINGS)
    if settings.database_url:
        raise StoreProblem("rekey_of_server")
    new_key, code = new_data_key(), new_recovery_code()
    with (
        usable(settings.data),
        scratch(settings.data) as folder,
        only_connection(settings.database_file, data_key) as connection,
    ):
        whole = private_folder(folder / settings.rekeyed_folder.name)
        there = Settings(data=whole)
        stage("copy")
        encrypt_anew(connection, data_key, there.database_file, new_key)
        stage("compare")
        same = content_digests(connection) == digests_of(there.database_file, new_key)
        if not same or damage(there.database_file, new_key):
            raise StoreProblem("rekey_differs")
        stage("record")
        _note(there, actor, new_key, clock)
        stage("keys")
        cost = cost or Cost()
        keys = KeyFile(()).with_holder(actor.user_name, passphrase, new_key, cost)
        keys.with_recovery(code, new_key, cost).write(there.key_file)
        if settings.research_key_file.exists():
            stage("research key")
            ResearchKey(settings.research_key_file, DataKey(data_key)).encrypt_anew(
                there.research_key_file, DataKey(new_key)
            )
        stage("flush")
        for file in (*whole.iterdir(), whole):
            flush(file)
        stage("count")
        whole.rename(settings.rekeyed_folder)
        flush(settings.data)
    return code


def _note(there: Settings, actor: Actor, data_key: bytes, clock: Clock) -> None:
    database = Database(encrypted_engine(there.database_file, data_key), workstation=workstation_name())
    try:
        with database.writing(actor.account_id, clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            clinic.choices = {**clinic.choices, CHOICE: clock().astimezone(UTC).isoformat()}
            tell(session, "changed", "clinic", clinic.id, after={"data_key": "new", "recovery_code": "set"})
    finally:
        database.close()
