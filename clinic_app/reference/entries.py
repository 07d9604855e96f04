"""What every entry of the reference files has in common."""

import datetime

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen entry that refuses keys it does not know, so that a misspelled key is found and not ignored."""


class Cited(Entry, frozen=True, kw_only=True):
    """An entry with its sources. ``verified`` says that a page which was read states it."""

    source: tuple[str, ...]
    verified: bool
    partly_unverified: bool = False
    note: str = ""

    @property
    def fully_verified(self) -> bool:
        """Verified and without a part that is not; where a part is not, ``note`` says which one is meant."""
        return self.verified and not self.partly_unverified


class Source(Entry, frozen=True, kw_only=True):
    """Where a fact comes from. ``K`` is knowledge for which no page was read."""

    title: str
    url: str | None


class ReferenceFile(Entry, frozen=True, kw_only=True):
    """What stands at the head of every file."""

    schema_version: int
    file: str
    date: datetime.date
    sources: dict[str, Source]
