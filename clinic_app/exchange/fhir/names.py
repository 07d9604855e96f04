"""What the reference calls things, with the codes that it has verified."""

from clinic_app.exchange.fhir.values import CPT, FMA, Json, coding, concept, own
from clinic_app.reference.catalogue import Reference
from clinic_app.terms import Side


class Names:
    """Concepts by the ids of the record. What this release's reference does not know is called by its id."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._procedures = {each.code for each in reference.codes.procedures if each.verified}

    def site(self, muscle: str, side: Side) -> Json:
        """A muscle and its side. The FMA's code, where the reference verified it, is that of the muscle alone."""
        known = self._reference.muscle(muscle)
        name = known.name if side is Side.MIDLINE else f"{side.value} {known.name}"
        codes = known.codes
        foreign = (coding(FMA, codes.fma),) if codes is not None and codes.fully_verified else ()
        return concept(name, own("muscle", f"{muscle}.{side.value}"), *foreign)

    def product(self, product: str) -> Json:
        """A product by its generic name, which no other product shares."""
        return concept(self.product_name(product), own("product", product)) if product else concept("botulinum toxin")

    def product_name(self, product: str) -> str:
        """The generic name."""
        known = self._reference.products.get(product)
        return product if known is None else known.generic_name

    def units_of(self, product: str) -> str:
        """The unit of a dose: "U of onabotulinumtoxinA". Units of two products are never the same unit."""
        return f"U of {self.product_name(product)}" if product else "U of a product that is not known"

    def indication(self, indication: str) -> str:
        """What is treated, in words; empty for none."""
        known = self._reference.indications.get(indication)
        return indication.replace("_", " ") if known is None else known.name

    def side_effect(self, kind: str, other: str) -> Json:
        """A side effect of the catalogue, or in somebody's own words."""
        if not kind:
            return concept(other)
        known = self._reference.side_effects.get(kind)
        name = kind.replace("_", " ") if known is None else known.name
        return concept(f"{name}: {other}" if other else name, own("side_effect", kind))

    def scale(self, scale: str, subscale: str) -> Json:
        """A rating scale, or a part of one."""
        known = self._reference.scales.get(scale)
        name = f"{scale} {subscale}".strip() if known is None else known.score_name(subscale)
        return concept(name, own("scale", f"{scale}.{subscale}" if subscale else scale))

    def procedure(self, codes: tuple[str, ...]) -> tuple[Json, ...]:
        """The procedure code of a visit: where it has exactly one that the reference verified.

        Two codes in one concept would say that they mean the same. The descriptors are the AMA's and stand nowhere.
        """
        known = {code for code in (each[:5] for each in codes) if code in self._procedures}
        return (coding(CPT, known.pop()),) if len(known) == 1 else ()
