"""What every view calls products, muscles and places."""

from clinic_app.reference.catalogue import Reference
from clinic_app.terms import LabelRegion, Side


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def decapital(text: str) -> str:
    """With a small first letter, for the middle of a sentence; an abbreviation keeps its capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def muscle_name(reference: Reference, muscle: str) -> str:
    """The English name with a capital; an id that this release does not know is shown as it is."""
    known = reference.muscles.get(muscle)
    return capital(known.name) if known is not None else muscle.replace("_", " ").capitalize()


def place_name(reference: Reference, muscle: str, side: Side) -> str:
    """Muscle and side as a person says it: "Left splenius capitis"."""
    name = muscle_name(reference, muscle)
    return name if side is Side.MIDLINE else f"{side.value.capitalize()} {decapital(name)}"


def brand_of(reference: Reference, product: str, region: LabelRegion) -> str:
    """The brand of the clinic's label region, or the generic name where there is none."""
    known = reference.products.get(product)
    if known is None:
        return product
    return next(iter(known.brand_names(region.value)), known.generic_name)


def product_text(reference: Reference, product: str, region: LabelRegion) -> str:
    """Brand and generic name: "Botox · onabotulinumtoxinA"."""
    known = reference.products.get(product)
    if known is None:
        return product
    brand = brand_of(reference, product, region)
    return brand if brand == known.generic_name else f"{brand} · {known.generic_name}"
