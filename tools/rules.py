"""The table of all rules: ``python -m tools.rules`` writes ``docs/rules.md`` from the register and the reference."""

import sys
from collections.abc import Iterator
from pathlib import Path

from clinic_app.reference import Reference, load_reference
from clinic_app.rules.findings import Level
from clinic_app.rules.limits import LIMITABLE, Quantity
from clinic_app.rules.register import BOOKING_RULES, RULES, Basis, BookingRule, Rule
from clinic_app.rules.sources import title_of_source
from clinic_app.rules.wording import looks_at, title_of
from tools.rule_figures import Stated, figures_of

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"

_HEAD = """# The rules

Made by `python -m tools.rules` from the register of the rules, their words and the reference. Not medical advice: the
clinic must confirm every figure against the current label.

**stop**: cannot be signed until changed, or until a physician overrides it with a written reason that the note prints.
**warn**: must be acknowledged. **info**: is shown. **stop\\*** is a stop where the figure it rests on is verified, that
is, where a page that was read states it; otherwise it is a warn that asks to confirm the figure against the label.

A limit of the clinic's own stands in the place of the label's figure, narrower or wider: passing it is a stop (a warn
where the rule only warns). Passing the label's figure within a wider limit of the clinic's is shown as info. The most
specific limit holds, of equals the stricter one; a limit for any indication does not widen a figure that the label
gives for a single one.
"""
_LIMITS = {Quantity.UNITS: "most units", Quantity.DAYS: "fewest days", Quantity.HOURS: "most hours"}
_BASES = {Basis.ANATOMY: "general knowledge", Basis.PROGRAM: "rule of the program"}


def page(reference: Reference) -> str:
    """The whole page in Markdown."""
    return "\n".join(
        [
            _HEAD,
            "## While charting",
            "",
            *_table(
                ("rule", "level", "what it looks at", "rests on", "limit of the clinic"),
                (
                    (*_named(rule.id), _level(rule), _looks_at(rule), _basis(rule, reference), _limit(rule))
                    for rule in RULES
                ),
            ),
            "",
            "## While booking",
            "",
            *_table(
                ("rule", "level", "what it looks at"),
                ((*_named(rule.id), _booking_level(rule), looks_at(rule.id)) for rule in BOOKING_RULES),
            ),
            "",
            "## Figures and sources",
            "",
            *(line for rule in RULES for line in _figures(rule, reference)),
        ]
    )


def _named(rule: str) -> tuple[str]:
    return (f"`{rule}`<br>{title_of(rule)}",)


def _level(rule: Rule) -> str:
    if rule.starred:
        return "stop\\*"
    return " or ".join(rule.own_levels)


def _looks_at(rule: Rule) -> str:
    return looks_at(rule.id) + (" Told at signing." if rule.at_signing else "")


def _basis(rule: Rule, reference: Reference) -> str:
    stated = figures_of(rule.id, reference)
    if rule.basis is not Basis.LABEL:
        return _BASES[rule.basis]
    verified = sum(each.verified for each in stated)
    return f"[labels: {verified} of {len(stated)} verified](#{rule.id.replace('.', '')})"


def _limit(rule: Rule) -> str:
    kind = LIMITABLE.get(rule.id)
    if kind is None:
        return ""
    named = [*kind.must_name, *(f"{name} if wished" for name in kind.may_name)]
    return f"{_LIMITS[kind.quantity]}: {', '.join(named)}"


def _booking_level(rule: BookingRule) -> str:
    return "stop; a permitted person may book with a reason" if rule.passable else Level.STOP


def _figures(rule: Rule, reference: Reference) -> Iterator[str]:
    stated = figures_of(rule.id, reference)
    if stated:
        yield f"### {rule.id}"
        yield ""
        yield from _table(
            ("about", "says", "verified", "sources"),
            ((each.about, each.says, "yes" if each.verified else "no", _sources(each, reference)) for each in stated),
        )
        yield ""


def _sources(stated: Stated, reference: Reference) -> str:
    titles = (title_of_source(reference, name) for name in stated.source)
    return "; ".join(f"[{each.title}]({each.url})" if each.url else each.title for each in titles)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(load_reference()), encoding="utf-8")
    print(PAGE.relative_to(PAGE.parent.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
