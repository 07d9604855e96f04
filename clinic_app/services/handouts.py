"""Handouts on dystonia and its treatment: the program's texts, the clinic's own, and who was given which."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import Account, ClinicHandout, GivenHandout, HandoutEdition, Patient
from clinic_app.models.database import Database
from clinic_app.resources import resource_path
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.letterheads import letterhead_and_edition
from clinic_app.services.paper import Paper

if TYPE_CHECKING:
    from clinic_app.documents.handout_text import HandoutText


@dataclass(frozen=True, slots=True)
class Printing:
    """How a handout is printed: in 18 point, in black alone."""

    large: bool = False
    contrast: bool = False


PLAIN = Printing()


@dataclass(frozen=True, slots=True)
class HandoutRow:
    """A handout in one language. ``own`` says that the clinic wrote it; ``reviewed_by`` is "" while nobody has.

    ``problem`` says in a sentence why the program's file cannot be printed; the others can.
    """

    name: str
    language: str
    title: str
    summary: str
    version: int
    own: bool
    reviewed_by: str = ""
    reviewed_on: date | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HandoutSource:
    """A text to edit. ``digest`` says which it is, and goes back with the save."""

    name: str
    language: str
    source: str
    digest: str
    own: bool


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A handout that a patient took home; ``given_at`` is the clinic's wall clock."""

    id: int
    title: str
    language: str
    version: int
    given_at: datetime
    given_by: str
    printing: Printing


class Handouts:
    """The use cases around handouts. A text that was given is kept as it was."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, folder: Path | None = None) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._folder = folder or resource_path("handouts")

    def choices(self, actor: Actor) -> tuple[HandoutRow, ...]:
        """Every handout in every language that it has, by title within a language; the clinic's own in its place."""
        require(actor, Act.PRINT_HANDOUT)
        with self._database.reading() as session:
            own = {(row.name, row.language): row.edition.source for row in session.scalars(select(ClinicHandout))}
            reviews = {
                (edition.name, edition.language, edition.digest): (who, edition.reviewed_at)
                for edition, who in session.execute(
                    select(HandoutEdition, Account.full_name).join(Account, Account.id == HandoutEdition.reviewed_by_id)
                )
            }
            rows = []
            for name, language in {*self._shipped(), *own}:
                try:
                    source = own.get((name, language)) or self._file(name, language)
                    text = _read(source)
                except ClinicError as wrong:
                    problem = _wrong(name, language, wrong)
                    rows.append(HandoutRow(name, language, name, str(problem), 0, own=False, problem=str(problem)))
                    continue
                who, at = reviews.get((name, language, digest_of(source)), ("", None))
                rows.append(
                    HandoutRow(
                        name, language, text.title, text.summary, text.version, (name, language) in own, who,
                        None if at is None else self._local(at).date(),
                    )
                )  # fmt: skip
        return tuple(sorted(rows, key=lambda row: (row.language, row.title.casefold())))

    def source(self, actor: Actor, name: str, language: str) -> HandoutSource:
        """The text that is printed now. Raises NotFound."""
        require(actor, Act.PRINT_HANDOUT)
        with self._database.reading() as session:
            return self._source(session, name, language)

    def paper(self, actor: Actor, name: str, language: str, printing: Printing = PLAIN) -> Paper:
        """A handout that is for nobody in particular. Raises NotFound."""
        require(actor, Act.PRINT_HANDOUT)
        with self._database.reading() as session:
            now = self._source(session, name, language)
            edition = _edition(session, now)
            return self._paper(session, now.name, now.source, _reviewer(session, edition), printing)

    def preview(self, actor: Actor, source: str, printing: Printing = PLAIN) -> Paper:
        """How a text that is being written would look. Raises ClinicError where its head cannot be read."""
        require(actor, Act.PRINT_HANDOUT)
        _read(source)
        with self._database.reading() as session:
            return self._paper(session, "preview", source, None, printing)

    def give(
        self, actor: Actor, patient_id: int, name: str, language: str, printing: Printing = PLAIN
    ) -> tuple[int, Paper]:
        """Note in the record that a patient takes a handout home, with its very text; returns the note's id and the
        paper.

        Raises NotFound.
        """
        require(actor, Act.PRINT_HANDOUT)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            if session.get(Patient, patient_id) is None:
                raise NotFound("patient_not_found")
            now = self._source(session, name, language)
            edition = _edition(session, now) or _kept(session, now)
            reviewer = _reviewer(session, edition)
            given = GivenHandout(
                patient_id=patient_id,
                edition=edition,
                reviewed=reviewer is not None,
                large=printing.large,
                contrast=printing.contrast,
                given_at=at,
                given_by_id=actor.account_id,
            )
            session.add(given)
            session.flush()
            return given.id, self._paper(session, name, now.source, reviewer, printing)

    def take_back(self, actor: Actor, given_id: int) -> None:
        """It was not given after all; the audit trail keeps that it was noted. Raises NotFound."""
        require(actor, Act.PRINT_HANDOUT)
        with self._database.writing(actor.account_id, self._clock()) as session:
            given = session.get(GivenHandout, given_id)
            if given is None:
                raise NotFound("handout_not_found")
            session.delete(given)

    def given(self, actor: Actor, patient_id: int) -> tuple[GivenRow, ...]:
        """What a patient was given, the latest first."""
        require(actor, Act.READ_SUMMARY)
        query = (
            select(GivenHandout, Account.full_name)
            .join(Account, Account.id == GivenHandout.given_by_id)
            .where(GivenHandout.patient_id == patient_id)
            .order_by(GivenHandout.given_at.desc(), GivenHandout.id.desc())
        )
        with self._database.reading() as session:
            return tuple(_given(row, self._local(row.given_at), by) for row, by in session.execute(query))

    def again(self, actor: Actor, given_id: int) -> Paper:
        """What was given, with the same words and the same look. Raises NotFound."""
        require(actor, Act.PRINT_HANDOUT)
        with self._database.reading() as session:
            given = session.get(GivenHandout, given_id)
            if given is None:
                raise NotFound("handout_not_found")
            reviewer = _reviewer(session, given.edition) if given.reviewed else None
            printing = Printing(given.large, given.contrast)
            return self._paper(session, given.edition.name, given.edition.source, reviewer, printing)

    def keep_own(self, actor: Actor, before: HandoutSource, source: str) -> HandoutSource:
        """Print the clinic's own text from now on; nobody has reviewed it yet unless it is one that somebody had.

        Raises ClinicError where its head cannot be read or names another language, RecordChanged where somebody else
        changed it after ``before`` was shown.
        """
        require(actor, Act.EDIT_HANDOUTS)
        text = _read(source)
        if text.language != before.language:
            raise ClinicError("handout_language_other", found=text.language, expected=before.language)
        with self._database.writing(actor.account_id, self._clock()) as session:
            self._unchanged(session, before)
            wanted = HandoutSource(before.name, before.language, source, digest_of(source), own=True)
            edition = _edition(session, wanted) or _kept(session, wanted)
            session.flush()
            own = session.get(ClinicHandout, (before.name, before.language))
            if own is None:
                session.add(ClinicHandout(name=before.name, language=before.language, edition=edition))
            else:
                own.edition = edition
            return wanted

    def take_own_away(self, actor: Actor, before: HandoutSource) -> HandoutSource:
        """Print the program's text again. Raises RecordChanged, and NotFound where the program has none."""
        require(actor, Act.EDIT_HANDOUTS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            self._unchanged(session, before)
            own = session.get(ClinicHandout, (before.name, before.language))
            if own is not None:
                session.delete(own)
                session.flush()
            return self._source(session, before.name, before.language)

    def mark_reviewed(self, actor: Actor, shown: HandoutSource) -> None:
        """The actor has read this text and stands by it for the clinic.

        Raises RecordChanged where it is another, ClinicError where its head cannot be read.
        """
        require(actor, Act.EDIT_HANDOUTS)
        _read(shown.source)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            self._unchanged(session, shown)
            edition = _edition(session, shown) or _kept(session, shown)
            edition.reviewed_at, edition.reviewed_by_id = at, actor.account_id

    def take_review_back(self, actor: Actor, shown: HandoutSource) -> None:
        """Nobody stands by this text after all."""
        require(actor, Act.EDIT_HANDOUTS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            edition = _edition(session, shown)
            if edition is not None:
                edition.reviewed_at = edition.reviewed_by_id = None

    def check(self, source: str) -> None:
        """Raise ClinicError in one sentence where the head of a text cannot be read."""
        _read(source)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self._time_zone)).replace(tzinfo=None)

    def _shipped(self) -> Iterator[tuple[str, str]]:
        """Name and language of every file."""
        for path in self._folder.glob("*/*.md"):
            yield path.stem, path.parent.name

    def _file(self, name: str, language: str) -> str:
        return _file(self._folder / language / f"{name}.md")

    def _source(self, session: Session, name: str, language: str) -> HandoutSource:
        own = session.get(ClinicHandout, (name, language))
        if own is not None:
            return HandoutSource(name, language, own.edition.source, own.edition.digest, own=True)
        if (name, language) not in self._shipped():
            raise NotFound("handout_not_found")
        try:
            shipped = self._file(name, language)
        except ClinicError as wrong:
            raise _wrong(name, language, wrong) from wrong
        return HandoutSource(name, language, shipped, digest_of(shipped), own=False)

    def _unchanged(self, session: Session, before: HandoutSource) -> None:
        if self._source(session, before.name, before.language).digest != before.digest:
            raise RecordChanged("handout_changed")

    def _paper(
        self, session: Session, name: str, source: str, reviewer: str | None, printing: Printing
    ) -> Paper:  # fmt: skip
        from clinic_app.documents.handout import Handout, handout_document

        text = _read(source)
        clinic, edition = letterhead_and_edition(session)
        today = local_today(self._clock, self._time_zone)
        made: Handout = Handout(
            clinic, text, today, reviewer, large=printing.large, contrast=printing.contrast, edition=edition
        )
        return Paper(
            "handout",
            text.title,
            f"{name.replace('_', '-')}-{text.language}-{today}",
            (partial(handout_document, made),),
        )


def digest_of(source: str) -> str:
    """Which text it is: the SHA-256 of its characters, as hex."""
    return hashlib.sha256(source.encode()).hexdigest()


@lru_cache(maxsize=64)
def _read(source: str) -> "HandoutText":
    from clinic_app.documents.handout_text import read_handout

    return read_handout(source)


@lru_cache(maxsize=64)
def _file(path: Path) -> str:
    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ClinicError("handout_not_text") from error
    return source


def _wrong(name: str, language: str, why: ClinicError) -> ClinicError:
    return ClinicError("handout_file_wrong", file=f"{language}/{name}.md", why=why)


def _edition(session: Session, text: HandoutSource) -> HandoutEdition | None:
    return session.scalar(
        select(HandoutEdition).where(
            HandoutEdition.name == text.name,
            HandoutEdition.language == text.language,
            HandoutEdition.digest == text.digest,
        )
    )


def _kept(session: Session, text: HandoutSource) -> HandoutEdition:
    edition = HandoutEdition(name=text.name, language=text.language, digest=text.digest, source=text.source)
    session.add(edition)
    return edition


def _reviewer(session: Session, edition: HandoutEdition | None) -> str | None:
    """Who reviewed it, None while nobody has."""
    if edition is None or edition.reviewed_by_id is None:
        return None
    return session.get_one(Account, edition.reviewed_by_id).full_name


def _given(row: GivenHandout, at: datetime, by: str) -> GivenRow:
    text = _read(row.edition.source)
    return GivenRow(row.id, text.title, row.edition.language, text.version, at, by, Printing(row.large, row.contrast))
