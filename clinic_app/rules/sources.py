"""Where a finding's figure comes from, with titles, for whoever asks."""

from dataclasses import dataclass

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.findings import CLINIC, PROGRAM, Finding


@dataclass(frozen=True, slots=True)
class SourceTitle:
    """A source by its short name, with its title and its address where it has one."""

    id: str
    title: str
    url: str | None = None


_OWN = {
    PROGRAM: SourceTitle(PROGRAM, "Rule of the program"),
    CLINIC: SourceTitle(CLINIC, "The clinic's own limit"),
}


def source_titles(reference: Reference, finding: Finding) -> tuple[SourceTitle, ...]:
    """The sources of a finding in its order, from the lists of the reference files.

    Reads every reference file at the first call. A source that no list names stands as it is.
    """
    return tuple(title_of_source(reference, name) for name in finding.source.split(", ") if name)


def title_of_source(reference: Reference, name: str) -> SourceTitle:
    """One source by its short name."""
    if name in _OWN:
        return _OWN[name]
    source = reference.sources.get(name)
    return SourceTitle(name, name) if source is None else SourceTitle(name, source.title, source.url)
