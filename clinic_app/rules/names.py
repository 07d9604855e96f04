"""How findings name a place or product to the reader."""

from clinic_app.reference.catalogue import Reference

#: Names of people, which keep their capital.
_EPONYMS = ("Meige",)


def place_name(reference: Reference, muscle: str, side: str = "") -> str:
    """The side and the muscle's English name: "left splenius capitis"."""
    name = reference.muscle(muscle).name
    return f"{side} {name}" if side in ("left", "right") else name


def product_name(reference: Reference, product: str, region: str) -> str:
    """The generic name with the region's brand: "onabotulinumtoxinA (Botox)". An unknown product stays as written."""
    known = reference.products.get(product)
    if known is None:
        cosmetic = reference.cosmetic_products.get(product)
        brands = tuple(brand.name for brand in cosmetic.brands) if cosmetic is not None else ()
        return f"{product} ({', '.join(brands)})" if brands else product
    brands = known.brand_names(region)
    return f"{known.generic_name} ({', '.join(brands)})" if brands else known.generic_name


def indication_name(reference: Reference, indication: str) -> str:
    """An indication in the middle of a sentence: "cervical dystonia". An unknown one stays as written, "" stays ""."""
    known = reference.indications.get(indication)
    if known is None:
        return indication.replace("_", " ")
    name = known.name.partition(" (")[0]
    return name if name.startswith(_EPONYMS) else name[:1].lower() + name[1:]
