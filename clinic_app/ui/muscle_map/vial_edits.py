"""Edits of the visit's product and vials: what was opened, how it was mixed, where its units went.

Like those of the lines (``edits``) they are functions from a whole chart to the next one. Another product in a vial
clears what is drawn from it: nothing converts.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from clinic_app.reference.units import show_number
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial, LotChoice
from clinic_app.services.charting import ReadVial
from clinic_app.services.starting import new_key, product_of, undosed
from clinic_app.services.stock_data import ScannedVial
from clinic_app.ui.muscle_map import edits


def set_product(content: ChartContent, product: str) -> ChartContent:
    """Choose the visit's product. Doses of another product are cleared, muscles and points stay, nothing converts.

    The vials of the product before go, and one empty vial of the new one stands ready. Lines drawn from a vial of a
    further product stay as they are.
    """
    if product == content.product:
        return content
    before = content.product
    kept = tuple(vial for vial in content.vials if vial.product not in (before, ""))
    fresh = next((vial for vial in kept if vial.product == product), None)
    if fresh is None and product:
        fresh = ChartVial(key=new_key("vial", (vial.key for vial in content.vials)), product=product)
        kept = (*kept, fresh)
    kept_keys = {vial.key for vial in kept}
    vial_key = fresh.key if fresh is not None else ""

    def moved(line: ChartLine) -> ChartLine:
        if line.vial in kept_keys:
            return line  # drawn from a vial of another product already, which nobody changed
        given = product_of(content, line)
        return undosed(line, vial_key) if given not in ("", product) else replace(line, vial=vial_key)

    return replace(content, product=product, vials=kept, lines=tuple(moved(line) for line in content.lines))


def cleared_doses(before: ChartContent, after: ChartContent) -> tuple[str, str] | None:
    """The product before and the product now of a line that lost its dose between the two contents, or None."""
    lines = {line.key: line for line in after.lines}
    for line in before.lines:
        now = lines.get(line.key)
        if now is not None and line.units.strip() and not now.units.strip():
            products = product_of(before, line), product_of(after, now)
            if products[0] != products[1]:
                return products
    return None


def add_vial(content: ChartContent, product: str) -> ChartContent:
    """One more empty vial."""
    vial = ChartVial(key=new_key("vial", (vial.key for vial in content.vials)), product=product)
    return replace(content, vials=(*content.vials, vial))


def remove_vial(content: ChartContent, key: str) -> ChartContent:
    """Take a vial off; its lines go to another vial of the same product, or wait for one.

    Lines of a second product have no product any more and go to the visit's own, without their doses.
    """
    gone = edits.vial_of(content, key)
    if gone is None:
        return content
    left = replace(
        content,
        vials=tuple(vial for vial in content.vials if vial.key != key),
        answers=tuple(answer for answer in content.answers if answer.subject != key),
    )
    heir = next((vial.key for vial in left.vials if vial.product == gone.product), "")
    orphaned = not heir and gone.product not in ("", content.product)

    def moved(line: ChartLine) -> ChartLine:
        if line.vial != key:
            return line
        return undosed(line, edits.usual_vial(left)) if orphaned else replace(line, vial=heir)

    return replace(left, lines=tuple(moved(line) for line in content.lines))


def change_vial(content: ChartContent, key: str, **typed: object) -> ChartContent:
    """What was typed on a vial: any of its fields. Another product clears the doses drawn from it.

    The visit's product follows when no vial of it is left.
    """

    def change(vial: ChartVial) -> ChartVial:
        return replace(vial, **typed)  # type: ignore[arg-type]  # the fields' own types are the callers' business

    vials = tuple(change(vial) if vial.key == key else vial for vial in content.vials)
    if vials == content.vials:
        return content
    changed = replace(content, vials=vials)
    before, after = edits.vial_of(content, key), edits.vial_of(changed, key)
    if before is not None and after is not None and before.product != after.product:
        if before.product == content.product and all(vial.product != content.product for vial in vials):
            changed = replace(changed, product=after.product)
        changed = replace(changed, lines=tuple(_followed(content, changed, line) for line in content.lines))
    return changed


def _followed(before: ChartContent, after: ChartContent, line: ChartLine) -> ChartLine:
    """The line without its dose when its product became another one."""
    given = product_of(before, line)
    return undosed(line, line.vial) if given not in ("", product_of(after, line)) else line


def choose_lot(content: ChartContent, key: str, lot: LotChoice, diluent: str = "") -> ChartContent:
    """The vial comes from this lot: product, number, expiry and size follow."""
    return change_vial(
        content,
        key,
        product=lot.product,
        lot_id=lot.lot_id,
        lot_number=lot.number,
        expires_on=lot.expires_on,
        size_units=lot.size_units,
        diluent=diluent,
    )


def holds_package(content: ChartContent, product: str, lot_number: str, serial: str) -> bool:
    """Whether the very vial is on the chart already; without a serial number nobody can tell."""
    wanted = (product, lot_number, serial)
    return bool(serial) and any((vial.product, vial.lot_number, vial.serial) == wanted for vial in content.vials)


def take_package(
    content: ChartContent, scanned: ScannedVial, lot: LotChoice | None, diluent: str
) -> tuple[ChartContent, str]:
    """A scanned vial on the chart: into the first that has no lot yet, else one more. Returns its key as well.

    ``lot`` is its lot on the shelf; without one the vial has what its print says.
    """
    if not content.product:
        content = set_product(content, scanned.product)
    empty = next((v.key for v in content.vials if v.product == scanned.product and not v.lot_number.strip()), None)
    if empty is None:
        content = add_vial(content, scanned.product)
    key = empty or content.vials[-1].key
    if lot is not None:
        content = choose_lot(content, key, lot, diluent)
    else:
        content = change_vial(
            content,
            key,
            lot_id=None,
            lot_number=scanned.lot,
            expires_on=scanned.expires_on,
            size_units=scanned.size_units,
            diluent=diluent,
        )
    return change_vial(content, key, gtin=scanned.gtin, serial=scanned.serial), key


def mix_vial(content: ChartContent, key: str, diluent_ml: Decimal, size_units: Decimal, at: datetime) -> ChartContent:
    """Take over a usual dilution for a vial of that size; the time stands unless one is there."""
    vial = edits.vial_of(content, key)
    if vial is None:
        return content
    return change_vial(
        content,
        key,
        diluent_ml=show_number(diluent_ml),
        size_units=vial.size_units or size_units,
        reconstituted_at=vial.reconstituted_at or at,
    )


WASTE_REASONS = ("Left over after the visit", "Broken or spilled", "Beyond its time", "Drawn up and not given")
"""The usual reasons; any other can be typed."""


def waste_rest(content: ChartContent, key: str, read: Iterable[ReadVial]) -> ChartContent:
    """What is left in a vial is thrown away; a reason that stands there already stays."""
    vial, figures = edits.vial_of(content, key), next((each for each in read if each.key == key), None)
    if vial is None or figures is None or figures.left <= 0:
        return content
    wasted = show_number(figures.wasted + figures.left)
    return change_vial(content, key, wasted=wasted, waste_reason=vial.waste_reason or WASTE_REASONS[0])
