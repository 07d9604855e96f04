"""The reference as one object with look-ups. Each file is read when it is first asked for, and only once."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Protocol, TypeVar

from clinic_app.resources import resource_path

if TYPE_CHECKING:  # the entries need msgspec, which nobody should pay for before the first look-up
    from clinic_app.reference.codes import CodesFile
    from clinic_app.reference.entries import ReferenceFile, Source
    from clinic_app.reference.indications import Component, Indication, IndicationsFile
    from clinic_app.reference.muscles import Muscle, MusclesFile
    from clinic_app.reference.recognizing import MuscleNames, Recognized
    from clinic_app.reference.recognizing_products import ProductNames, RecognizedProduct
    from clinic_app.reference.scales import Scale, ScalesFile
    from clinic_app.reference.search import MuscleIndex
    from clinic_app.reference.side_effects import SideEffect, SideEffectsFile
    from clinic_app.reference.toxins import ClassFacts, CosmeticProduct, Product, ToxinsFile

    FileType = TypeVar("FileType", bound=ReferenceFile)


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_NamedType = TypeVar("_NamedType", bound=_Named)


def load_reference(folder: Path | None = None) -> "Reference":
    """The reference in ``folder``, by default the one that ships with the program. Nothing is read yet."""
    return Reference(resource_path("reference") if folder is None else folder)


class Reference:
    """Muscles, products, side effects, indications, codes and scales. Look-ups of an unknown id raise KeyError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, ReferenceFile] = {}
        self._lock = RLock()

    # The files as they are

    @cached_property
    def muscles_file(self) -> "MusclesFile":
        """``muscles.yaml`` with its lists of regions, views, patterns and local effects."""
        from clinic_app.reference.muscles import MusclesFile

        return self._file("muscles", MusclesFile)

    @cached_property
    def toxins_file(self) -> "ToxinsFile":
        """``toxins.yaml``."""
        from clinic_app.reference.toxins import ToxinsFile

        return self._file("toxins", ToxinsFile)

    @cached_property
    def side_effects_file(self) -> "SideEffectsFile":
        """``side_effects.yaml`` with its grades of severity and where to report."""
        from clinic_app.reference.side_effects import SideEffectsFile

        return self._file("side_effects", SideEffectsFile)

    @cached_property
    def indications_file(self) -> "IndicationsFile":
        """``indications.yaml``."""
        from clinic_app.reference.indications import IndicationsFile

        return self._file("indications", IndicationsFile)

    @cached_property
    def codes(self) -> "CodesFile":
        """``codes.yaml``: procedures, drugs, modifiers and the rules of counting."""
        from clinic_app.reference.codes import CodesFile

        return self._file("codes", CodesFile)

    @cached_property
    def scales_file(self) -> "ScalesFile":
        """``scales.yaml``."""
        from clinic_app.reference.scales import ScalesFile

        return self._file("scales", ScalesFile)

    # By id, in the order of the files

    @cached_property
    def muscles(self) -> "Mapping[str, Muscle]":
        """Every muscle and gland."""
        return _by_id(self.muscles_file.muscles)

    @cached_property
    def products(self) -> "Mapping[str, Product]":
        """Every product that has a licence for treatment somewhere."""
        return _by_id(self.toxins_file.products)

    @cached_property
    def cosmetic_products(self) -> "Mapping[str, CosmeticProduct]":
        """Every product that must not be charted."""
        return _by_id(self.toxins_file.cosmetic_only)

    @cached_property
    def side_effects(self) -> "Mapping[str, SideEffect]":
        """Every kind of side effect."""
        return _by_id(self.side_effects_file.effects)

    @cached_property
    def indications(self) -> "Mapping[str, Indication]":
        """Every indication."""
        return _by_id(self.indications_file.indications)

    @cached_property
    def components(self) -> "Mapping[str, Component]":
        """The components of cervical dystonia."""
        return _by_id(self.indications_file.cd_phenotype_components)

    @cached_property
    def scales(self) -> "Mapping[str, Scale]":
        """Every rating scale."""
        return _by_id(self.scales_file.scales)

    @cached_property
    def sources(self) -> "Mapping[str, Source]":
        """The sources of all files by their short name, which means the same source in every file."""
        files = (
            self.muscles_file,
            self.toxins_file,
            self.side_effects_file,
            self.indications_file,
            self.codes,
            self.scales_file,
        )
        return {name: source for file in files for name, source in file.sources.items()}

    @property
    def class_facts(self) -> "ClassFacts":
        """Boxed warning, interactions and cautions that hold for all products."""
        return self.toxins_file.class_facts

    # One at a time

    def muscle(self, muscle_id: str) -> "Muscle":
        """The muscle with this id; one that this release does not know has a name and no facts."""
        known = self.muscles.get(muscle_id)
        if known is not None:
            return known  # asked for many times at every key
        from clinic_app.reference.muscles import unknown_muscle

        return unknown_muscle(muscle_id)

    def product(self, product_id: str) -> "Product":
        """The product with this id."""
        return self.products[product_id]

    def side_effect(self, side_effect_id: str) -> "SideEffect":
        """The side effect with this id."""
        return self.side_effects[side_effect_id]

    def indication(self, indication_id: str) -> "Indication":
        """The indication with this id."""
        return self.indications[indication_id]

    def find_muscles(self, text: str) -> "tuple[Muscle, ...]":
        """The muscles that ``text`` may mean, best first; see ``search.py`` for the order. Empty text finds none."""
        return self._muscle_index.find(text)

    def recognize_muscle(self, text: str) -> "Recognized":
        """The muscle and the side that a cell of a spreadsheet names, or what it could mean; see ``recognizing.py``."""
        return self._muscle_names.recognize(text)

    def recognize_product(self, text: str) -> "RecognizedProduct":
        """The product that a cell of a spreadsheet names, or what it could mean; see ``recognizing_products.py``."""
        return self._product_names.recognize(text)

    def effects_of(self, muscle_id: str) -> "tuple[SideEffect, ...]":
        """The side effects that an injection into the muscle can cause, in the order of the file."""
        local = set(self.muscle(muscle_id).local_effects)
        return tuple(
            effect
            for effect in self.side_effects.values()
            if muscle_id in effect.risk_muscles or not local.isdisjoint(effect.local_effect_ids)
        )

    @cached_property
    def _muscle_index(self) -> "MuscleIndex":
        from clinic_app.reference.search import MuscleIndex

        return MuscleIndex(self.muscles.values())

    @cached_property
    def _muscle_names(self) -> "MuscleNames":
        from clinic_app.reference.recognizing import MuscleNames

        return MuscleNames(self.muscles.values())

    @cached_property
    def _product_names(self) -> "ProductNames":
        from clinic_app.reference.recognizing_products import ProductNames

        return ProductNames((*self.products.values(), *self.cosmetic_products.values()))

    def _file(self, name: str, file_type: "type[FileType]") -> "FileType":
        with self._lock:
            if name not in self._files:
                from clinic_app.reference.loading import load_file

                self._files[name] = load_file(self._folder / f"{name}.yaml", file_type)
            file = self._files[name]
        assert isinstance(file, file_type)
        return file


def _by_id(entries: "Iterable[_NamedType]") -> "Mapping[str, _NamedType]":
    return {entry.id: entry for entry in entries}
