"""The digests of a clinic's signed visits, as the program computes them from its records, a million in two minutes."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

_encode = msgspec.json.Encoder(order="sorted").encode
Row = Mapping[str, object]


@cache
def units_text(thousandths: int) -> str:
    """A quantity as a digest has it."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)


def seal(visit: Row, vials: Sequence[Row], injections: Sequence[Row]) -> str:
    """The same as ``services.signing.signed_digest``, of rows that hold every column that is not null."""
    content = {"visit": visit, "vials": vials, "injections": injections, "overrides": (), "scale_totals": ()}
    return hashlib.sha256(_encode(content)).hexdigest()
