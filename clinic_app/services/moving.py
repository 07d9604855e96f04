"""Move: a clinic in a folder copied to an empty database of a server, or from a server into a new folder.

The clinic that is moved stays as it was, and nobody works in it meanwhile. The copy has its keys last, so that nobody
opens half of one; broken off anywhere, the same call goes on where it stopped. Design: docs/decisions/0019.
"""

import hmac
import json
from dataclasses import asdict, dataclass, replace
from typing import Self

from sqlalchemy import Connection, delete, insert, inspect, select
from sqlalchemy.orm import Session

from clinic_app.errors import StoreProblem
from clinic_app.models import Clinic, ClinicFile, copying, sealing, trail
from clinic_app.models.database import Database, store_problems, tell
from clinic_app.models.small_files import SmallFiles
from clinic_app.models.upgrade import HEAD, upgrade
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.audit_words import CHANGED
from clinic_app.services.clock import Clock
from clinic_app.services.moving_places import Place, held, place
from clinic_app.services.paper import Step, untold
from clinic_app.services.verification import trail_breaks
from clinic_app.settings import Settings, workstation_name

_MARK = "moving"
"""The small file that a copy has until it counts."""
_PURPOSE = b"clinic-app move 1"


@dataclass(frozen=True, slots=True)
class Mark:
    """Which clinic a copy is of, as it was when: by what its key makes, its tables and the end of its audit trail."""

    clinic: str
    tables: str
    last_entry: int
    chain: str

    @classmethod
    def of(cls, source: Connection, data_key: bytes) -> Self:
        """Of the clinic that is moved."""
        end = trail.head(source)
        return cls(hmac.new(data_key, _PURPOSE, "sha256").hexdigest(), HEAD, end.last_id, end.chain)

    @classmethod
    def kept(cls, target: Connection) -> Self | None:
        """Of what lies in the target; None where no move has begun."""
        content = target.scalar(select(ClinicFile.content).where(ClinicFile.name == _MARK))
        return None if content is None else cls(**json.loads(content))

    def keep(self, target: Connection) -> None:
        """Write it down in the target."""
        self.remove(target)
        target.execute(insert(ClinicFile).values(name=_MARK, content=json.dumps(asdict(self)).encode()))

    @staticmethod
    def remove(target: Connection) -> None:
        """What lies there counts."""
        target.execute(delete(ClinicFile).where(ClinicFile.name == _MARK))


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of a move: where the clinic is now, as the program is told of it, and its rows by table."""

    where: str
    rows: dict[str, int]


def move_clinic(
    settings: Settings,
    actor: Actor,
    files: SmallFiles,
    data_key: bytes,
    to: str,
    clock: Clock,
    step: Step = untold,
    *,
    at_once: int = copying.AT_ONCE,
) -> Moved:
    """Copy the clinic of ``settings`` to the folder or the server's address ``to``, and compare both.

    ``files`` are the small files of the clinic that is moved. ``step`` hears after each batch how much is done; what
    it raises ends the work. Raises NotAllowed, ClinicError for an address, or StoreProblem: somebody works in the
    clinic, the target holds something, or the copy is not the same.
    """
    require(actor, Act.SETTINGS)
    with store_problems(), held(settings, data_key) as source, place(to, data_key) as target:
        source.begin()  # one for all that is read: the clinic as it is at this moment
        mark = Mark.of(source, data_key)
        _begin(target, mark)
        rows = copying.count(source)
        with target.connection.begin():
            done = sum(copying.count(target.connection).values())
        of = 3 * sum(rows.values())

        def told(more: int) -> None:
            nonlocal done
            done += more
            step(min(done, of), of)

        told(0)
        for table in copying.tables():
            copying.copy(source, target.connection, table, told, at_once)
        _compare(source, target, mark, told, at_once)
        _count(target, actor, files, clock)
    return Moved(target.name, rows)


def _begin(target: Place, mark: Mark) -> None:
    """Tables without triggers in the target, and of an earlier try what is of the clinic as it is now."""
    connection = target.connection
    with connection.begin():
        there = Mark.kept(connection) if inspect(connection).has_table(ClinicFile.__tablename__) else None
        if there is not None and there.clinic != mark.clinic:
            raise StoreProblem("move_of_another", where=target.name)
        if there is not None and there != mark:
            sealing.remove(connection)
            copying.empty(connection)
            Mark.remove(connection)
    upgrade(target.engine)
    target.grant()
    with connection.begin():
        if there != mark and connection.scalar(select(Clinic.id).limit(1)) is not None:
            raise target.taken()
        sealing.remove(connection)
        mark.keep(connection)


def _compare(source: Connection, target: Place, mark: Mark, told: copying.Pulse, at_once: int) -> None:
    """Raise StoreProblem where the copy is not the clinic; it is then made anew the next time."""
    connection = target.connection
    same = True
    with connection.begin():
        for table in copying.tables():
            there = copying.content(connection, table, told, at_once)
            same = same and there == copying.content(source, table, told, at_once)
        # As the program reads it there. What is broken in the clinic itself came along, for ``verify`` to tell.
        breaks = list(trail_breaks(Session(connection)))
        same = same and (not breaks or breaks == list(trail_breaks(Session(source))))
    if not same:
        with connection.begin():
            replace(mark, chain="differs").keep(connection)
        raise StoreProblem("move_differs", where=target.name)


def _count(target: Place, actor: Actor, files: SmallFiles, clock: Clock) -> None:
    """From one commit on the copy is a clinic: triggers, numbers, a line in its trail, and the keys."""
    database = Database(target.engine, workstation=workstation_name())
    with database.writing(actor.account_id, clock()) as session:
        connection = session.connection()
        copying.go_on_numbering(connection)
        sealing.install(connection)
        Mark.remove(connection)
        clinic_id = session.scalars(select(Clinic.id)).one()
        tell(session, CHANGED, "clinic", clinic_id, after={"moved": target.kind})
        if files.research.exists():
            target.files.research.write_with(session, files.research.read())
        target.files.keys.write_with(session, files.keys.read())
    target.finish()
