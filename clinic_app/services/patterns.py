"""Saved patterns: a person's own and the clinic's, per indication and product, to start a visit from."""

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import Account, SavedPattern
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, may, require
from clinic_app.services.clock import Clock
from clinic_app.services.patients import clean
from clinic_app.services.pattern_data import PatternRow, PatternSource, SavedLine

LONGEST_NAME = 120


class Patterns:
    """The use cases around saved patterns. They hold no patient: muscles, points, guidance and units alone."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, actor: Actor, indication: str = "", product: str = "") -> tuple[PatternRow, ...]:
        """The person's own patterns and the clinic's, own first, each by name; of one indication or product on wish."""
        _require_any(actor)
        query = (
            select(SavedPattern, Account.full_name)
            .join(Account, Account.id == SavedPattern.saved_by_id)
            .where(or_(SavedPattern.account_id == actor.account_id, SavedPattern.account_id.is_(None)))
        )
        if indication:
            query = query.where(SavedPattern.indication == indication)
        if product:
            query = query.where(SavedPattern.product == product)
        with self._database.reading() as session:
            rows = [_row(pattern, by) for pattern, by in session.execute(query)]
        return tuple(sorted(rows, key=lambda row: (not row.own, row.name.casefold(), row.id)))

    def save(self, actor: Actor, name: str, source: PatternSource, *, for_clinic: bool = False) -> PatternRow:
        """Keep a pattern under a name; what it lacks in its source stays empty.

        Raises ClinicError for a missing or taken name, for a source without lines, and for units without a product.
        """
        _require_owner(actor, for_clinic)
        if not source.lines:
            raise ClinicError("pattern_empty")
        if not source.product:
            raise ClinicError("pattern_product_missing")
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            owner = None if for_clinic else actor.account_id
            pattern = SavedPattern(
                account_id=owner,
                name=_free_name(session, name, owner, source.indication, source.product),
                indication=source.indication,
                product=source.product,
                lines=[msgspec.to_builtins(line) for line in source.lines],
                saved_at=at,
                saved_by_id=actor.account_id,
            )
            session.add(pattern)
            session.flush()
            return _row(pattern, actor.full_name)

    def rename(self, actor: Actor, pattern_id: int, version: int, name: str) -> PatternRow:
        """Another name. Raises RecordChanged when somebody else changed the pattern meanwhile."""
        _require_any(actor)
        with self._database.writing(actor.account_id, self._clock()) as session:
            pattern = _pattern(session, actor, pattern_id, version)
            pattern.name = _free_name(
                session, name, pattern.account_id, pattern.indication, pattern.product, but=pattern.id
            )
            pattern.version += 1
            session.flush()
            return _row(pattern, session.get_one(Account, pattern.saved_by_id).full_name)

    def remove(self, actor: Actor, pattern_id: int, version: int) -> PatternRow:
        """Take a pattern away and return it, so that the window can offer to undo."""
        _require_any(actor)
        with self._database.writing(actor.account_id, self._clock()) as session:
            pattern = _pattern(session, actor, pattern_id, version)
            row = _row(pattern, session.get_one(Account, pattern.saved_by_id).full_name)
            session.delete(pattern)
            return row

    def restore(self, actor: Actor, row: PatternRow) -> PatternRow:
        """Bring a removed pattern back. Raises ClinicError when its name was given to another one meanwhile."""
        return self.save(actor, row.name, row.source, for_clinic=not row.own)


def _require_any(actor: Actor) -> None:
    """Whoever may have patterns, one's own or the clinic's; whose one it is decides once it was read."""
    if not may(actor, Act.SHARE_PATTERNS):
        require(actor, Act.DRAFT_CHART)


def _require_owner(actor: Actor, for_clinic: bool) -> None:
    require(actor, Act.SHARE_PATTERNS if for_clinic else Act.DRAFT_CHART)


def _pattern(session: Session, actor: Actor, pattern_id: int, version: int) -> SavedPattern:
    """A pattern that the person may change; somebody else's own is not there for them."""
    pattern = session.get(SavedPattern, pattern_id)
    if pattern is None or pattern.account_id not in (None, actor.account_id):
        raise NotFound("pattern_not_found")
    _require_owner(actor, pattern.account_id is None)
    if pattern.version != version:
        raise RecordChanged("pattern_changed")
    return pattern


def _free_name(
    session: Session, name: str, owner: int | None, indication: str, product: str, *, but: int | None = None
) -> str:
    """The name as it is kept, unless another pattern of this owner, indication and product has it in any case."""
    kept = " ".join(clean(name).split())
    if not kept:
        raise ClinicError("pattern_name_missing", field="name")
    if len(kept) > LONGEST_NAME:
        raise ClinicError("text_too_long", field="name", limit=LONGEST_NAME)
    owned = SavedPattern.account_id.is_(None) if owner is None else SavedPattern.account_id == owner
    names = session.execute(
        select(SavedPattern.id, SavedPattern.name).where(
            owned, SavedPattern.indication == indication, SavedPattern.product == product
        )
    )
    if any(number != but and other.casefold() == kept.casefold() for number, other in names):
        raise ClinicError("pattern_name_taken", field="name", name=kept)
    return kept


def _row(pattern: SavedPattern, saved_by: str) -> PatternRow:
    lines = msgspec.convert(pattern.lines, tuple[SavedLine, ...], strict=False)
    return PatternRow(
        id=pattern.id,
        version=pattern.version,
        name=pattern.name,
        source=PatternSource(pattern.indication, pattern.product, lines),
        own=pattern.account_id is not None,
        saved_by=saved_by,
        saved_at=pattern.saved_at,
    )
