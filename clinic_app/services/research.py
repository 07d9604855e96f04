"""The research export: what was injected and what it did, without names."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from clinic_app.errors import ClinicError
from clinic_app.exchange.research_rows import Row, Subject, Vocabulary, cycle_rows, injection_rows, side_effect_rows
from clinic_app.exchange.research_tables import research_tables
from clinic_app.models.database import Database, tell
from clinic_app.models.research_key import Disguise, ResearchKey
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.research_folder import ExportFolder, folder_for
from clinic_app.services.research_subjects import subjects, treated_patients, vocabulary

Progress = Callable[[int, int], None]
"""Called with patients written so far and patients in all."""
KIND = "research_export"


@dataclass(frozen=True, slots=True)
class Counts:
    """What an export holds, in rows of each file."""

    patients: int
    injections: int
    cycles: int
    side_effects: int


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that is in its place. ``parquet`` when Parquet files stand beside the others."""

    folder: Path
    counts: Counts
    with_text: bool
    parquet: bool


class Research:
    """The use cases of a manager who hands data to research. Without a ``key`` there is nothing to export under."""

    def __init__(
        self, database: Database, clock: Clock, time_zone: str, reference: Reference, key: ResearchKey | None
    ) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference
        self._key = key

    def export(
        self,
        actor: Actor,
        folder: Path,
        *,
        with_text: bool = False,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Exported | None:
        """Write everybody's injections, cycles and side effects as files into ``folder``; None when it was cancelled.

        The folder is new or empty, and holds either the whole export or nothing. ``cancelled`` is asked now and then.
        Raises NotAllowed, StoreProblem, and ClinicError for a folder that cannot be used.

        Three transactions, since it may take minutes: the first draws pseudonyms, the second only reads, the third
        writes the audit trail, before the folder is in its place: an export that failed at its last step is told as
        one, but none leaves untold.
        """
        require(actor, Act.RESEARCH)
        disguises = self._disguises(actor)
        with self._database.reading() as session:
            words = vocabulary(session, self._reference)
            tables = research_tables(
                words.product_columns, words.score_columns, words.response_score_columns, with_text=with_text
            )
            with ExportFolder(folder, tables) as target:
                rows = dict.fromkeys((table.name for table in tables), 0)
                done = 0
                for some in subjects(session, disguises, with_text=with_text):
                    if cancelled():
                        return None
                    for table, rows_of in zip(tables, (injection_rows, cycle_rows, side_effect_rows), strict=True):
                        rows[table.name] += target.write(table, _rows(rows_of, some, words))
                    done += len(some)
                    if progress is not None:
                        progress(done, len(disguises))
                parquet = target.finish()
                if cancelled():
                    return None
                counts = Counts(patients=len(disguises), **rows)
                self._tell(actor, target.folder, counts, with_text)
                target.publish()
        return Exported(target.folder, counts, with_text, parquet)

    def export_into(
        self,
        actor: Actor,
        parent: Path,
        *,
        with_text: bool = False,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Exported | None:
        """Like ``export``, into a new folder of ``parent`` named after the day."""
        folder = folder_for(parent, local_today(self._clock, self._time_zone))
        return self.export(actor, folder, with_text=with_text, progress=progress, cancelled=cancelled)

    def _disguises(self, actor: Actor) -> dict[int, Disguise]:
        if self._key is None:
            raise ClinicError("research_key_out_of_reach")
        # Nothing is written to the database: its lock lets one program at a time draw pseudonyms.
        with self._database.writing(actor.account_id, self._clock()) as session:
            return self._key.disguises(treated_patients(session))

    def _tell(self, actor: Actor, folder: Path, counts: Counts, with_text: bool) -> None:
        with self._database.writing(actor.account_id, self._clock()) as session:
            tell(session, "exported", KIND, after={**asdict(counts), "with_text": with_text, "folder": str(folder)})


def _rows(
    rows_of: Callable[[Subject, Vocabulary], Iterator[Row]], some: list[Subject], words: Vocabulary
) -> Iterator[Row]:
    return chain.from_iterable(rows_of(subject, words) for subject in some)
