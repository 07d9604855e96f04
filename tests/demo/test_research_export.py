"""The research export of the demo clinic names nobody, and is what its dictionary says."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars
import pytest
from sqlalchemy import JSON, Enum, String, select

from clinic_app.atlas.atlas import Atlas
from clinic_app.demo import template
from clinic_app.models import Base, Injection, Patient, SideEffect, Visit
from clinic_app.reference.catalogue import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.research import Exported
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.terms import BodyRegion, Learned
from tests.demo.conftest import WEDNESDAY

TYPES = {
    "string": polars.String(),
    "integer": polars.Int64(),
    "decimal": polars.Decimal(18, 3),
    "date": polars.Date(),
    "boolean": polars.Boolean(),
}
FILES = ("injections", "cycles", "side_effects")
CODED = """
    appointment_event.what appointment_type.colour appointment_type.name audit_entry.kind audit_entry.what
    authorization.product clinic_limit.check clinic_limit.indication clinic_limit.muscle clinic_limit.product
    device.name diagnosis.icd10cm diagnosis.indication diagnosis.since dystonia_history.distribution
    dystonia_history.icd10cm dystonia_history.indication dystonia_history.onset injection.indication
    injection.muscle injection_point.part injection_point.plate lot.product override.check override.level
    override.subject patient_component.component patient_entry.code patient_entry.since
    patient_entry.until product_code.product saved_pattern.indication saved_pattern.product scale_result.scale
    scale_result.subscale scale_total.scale scale_total.subscale side_effect.kind stock_movement.product
    suspected_muscle.muscle toxin_elsewhere.product vial.product visit.icd10cm visit.indication
""".split()
"""Columns of ids, remembered dates and the clinic's furniture. Whatever else holds text, now or later, must not be in
the files."""
LEARNED = {learned.value for learned in Learned}
"""How a side effect was learned is told in words that people also say of how they want to be reached."""
REGIONS = {region.value for region in BodyRegion}
"""Where a dystonia began is one of these or somebody's own words."""


@pytest.fixture(scope="module")
def demo(cache: Path, atlas: Atlas, reference: Reference) -> Iterator[OpenStore]:
    """One clinic for all tests here: none of them changes it."""
    folder = template.fresh_demo(lambda: WEDNESDAY, atlas, reference)
    store = unlock(folder.settings, template.USER, template.PASSPHRASE, lambda: WEDNESDAY)
    yield store
    store.database.close()
    folder.remove()


@pytest.fixture(scope="module")
def exported(demo: OpenStore, reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export(demo, reference, tmp_path_factory.mktemp("research") / "out")


def export(demo: OpenStore, reference: Reference, folder: Path, *, with_text: bool = False) -> Exported:
    services = Services(demo.database, lambda: WEDNESDAY, reference, research_key=demo.research_key)
    exported = services.research.export(demo.actor, folder, with_text=with_text)
    assert exported is not None
    return exported


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everything(folder: Path) -> str:
    """All that stands in the files, those included that are not text."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.csv"))]
    texts += [polars.read_parquet(path).write_csv() for path in sorted(folder.glob("*.parquet"))]
    assert len(texts) == len(list(folder.iterdir())) == 7
    return "\n".join(texts)


def plain(text: str) -> str:
    """Words one after the other, so that neither case nor punctuation hides one; ids come apart into theirs."""
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return f" {words} "


def typed_texts(demo: OpenStore) -> Iterator[tuple[str, str]]:
    """Everything that anybody typed into any table."""
    with demo.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, Enum) or not isinstance(column.type, String | JSON):
                    continue
                if f"{table.name}.{column.name}" in CODED or table.name in ("audit_entry", "chart_draft"):
                    continue  # the one repeats the others, the other is of no signed visit
                if isinstance(column.type, JSON) and table.name != "dystonia_history":
                    continue
                for value in session.scalars(select(column).distinct()):
                    for each in value if isinstance(value, list) else [value or ""]:
                        if each in REGIONS and column.name == "region_first":
                            continue
                        if each in LEARNED and column.name == "preferred_contact":
                            continue
                        yield f"{table.name}.{column.name}", str(each)


def test_nothing_that_anybody_typed_is_in_any_file(demo: OpenStore, exported: Exported) -> None:
    written = plain(everything(exported.folder))
    looked_for = [(where, plain(text)) for where, text in typed_texts(demo) if len(plain(text).strip()) >= 4]
    found = sorted({(where, text) for where, text in looked_for if text in written})
    assert found == []
    assert len(looked_for) > 500


def test_no_part_of_a_name_number_telephone_or_address_is_in_any_file(demo: OpenStore, exported: Exported) -> None:
    written = everything(exported.folder)
    words = set(plain(written).split())
    with demo.database.reading() as session:
        patients = list(session.scalars(select(Patient)))
    for each in patients:
        parts = plain(
            " ".join(
                (
                    each.family_name,
                    each.given_name,
                    each.address,
                    each.email,
                    each.emergency_contact,
                    each.record_number,
                )
            )
        )
        assert not {part for part in parts.split() if len(part) >= 4} & words
        assert not re.search(re.escape(f"{each.given_name} {each.family_name}"), written, re.IGNORECASE)
        for number in (each.phone, each.record_number, each.email):
            assert number and number not in written


def test_no_birth_date_is_in_any_file_however_it_is_written(demo: OpenStore, exported: Exported) -> None:
    written = everything(exported.folder).casefold()
    with demo.database.reading() as session:
        births = set(session.scalars(select(Patient.birth_date)))
    forms = (
        "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d", "%d%m%Y", "%m%d%Y", "%d-%m-%Y",
        "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y",
    )  # fmt: skip
    for birth in births:
        ways = {birth.strftime(form).casefold() for form in forms}
        ways |= {f"{birth.day}.{birth.month}.{birth.year}", f"{birth.month}/{birth.day}/{birth.year}"}
        assert not [way for way in ways if way in written]


def test_the_dictionary_has_exactly_the_columns_that_exist_and_the_files_load_with_its_types(
    exported: Exported,
) -> None:
    folder = exported.folder
    columns: dict[str, dict[str, polars.DataType]] = defaultdict(dict)
    for line in read(folder, "dictionary"):
        assert list(line) == ["file", "column", "type", "unit", "meaning"]
        assert line["meaning"]
        columns[line["file"]][line["column"]] = TYPES[line["type"]]
    assert set(columns) == {f"{name}.csv" for name in FILES}
    for name in FILES:
        schema = columns[f"{name}.csv"]
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            assert file.readline().rstrip("\r\n").split(",") == list(schema)
        frame = polars.read_csv(folder / f"{name}.csv", schema=schema)
        assert frame.height > 100
        parquet = polars.read_parquet(folder / f"{name}.parquet")
        assert parquet.schema == polars.Schema(schema)
        assert parquet.equals(frame)


def test_every_injection_cycle_and_side_effect_is_there_once(demo: OpenStore, exported: Exported) -> None:
    with demo.database.reading() as session:
        injected = list(session.execute(select(Injection.units, Visit.visited_on).join(Visit)))
        cycles = set(session.scalars(select(Injection.visit_id)))
        side_effects = list(session.scalars(select(SideEffect)))
    rows = {name: read(exported.folder, name) for name in FILES}
    assert [len(rows[name]) for name in FILES] == [len(injected), len(cycles), len(side_effects)]
    assert [len(rows[name]) for name in FILES] == [
        exported.counts.injections, exported.counts.cycles, exported.counts.side_effects
    ]  # fmt: skip
    by_product = polars.read_parquet(exported.folder / "injections.parquet").group_by("patient", "cycle", "product")
    units = {
        (patient, cycle, product): total
        for patient, cycle, product, total in by_product.agg(polars.col("units").sum()).iter_rows()
    }
    for row in rows["cycles"]:
        for product in row["products"].split(";"):
            told = units.pop((row["patient"], int(row["cycle"]), product))
            assert float(row[f"units_{product}"]) == float(told)
    assert not units
    assert sum(int(row["side_effects"]) for row in rows["cycles"]) == len(side_effects)


def test_the_days_of_each_patient_are_the_true_ones_moved_together(demo: OpenStore, exported: Exported) -> None:
    folder = exported.folder
    written: dict[str, list[date]] = defaultdict(list)
    for row in read(folder, "cycles"):
        written[row["patient"]].append(date.fromisoformat(row["injected_on"]))
    true: dict[int, list[date]] = defaultdict(list)
    with demo.database.reading() as session:
        registered = {p.id: p.created_at for p in session.scalars(select(Patient))}
        for patient_id, day in session.execute(select(Visit.patient_id, Visit.visited_on).order_by(Visit.visited_on)):
            true[patient_id].append(day)
    disguises = demo.research_key.disguises(registered.items())
    for patient_id, days in true.items():
        told = written[disguises[patient_id].pseudonym]
        assert {(other - day).days for day, other in zip(days, told, strict=True)} == {disguises[patient_id].shift_days}


def test_the_next_export_has_the_same_pseudonyms_and_says_the_same(
    exported: Exported, demo: OpenStore, reference: Reference, tmp_path: Path
) -> None:
    first, second = exported.folder, export(demo, reference, tmp_path / "second").folder
    for name in (*FILES, "dictionary"):
        assert (first / f"{name}.csv").read_bytes() == (second / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_the_order_of_the_rows_is_that_of_the_pseudonyms(name: str, exported: Exported) -> None:
    folder = exported.folder
    order = [row["patient"] for row in read(folder, name)]
    assert order == sorted(order)


def test_own_words_are_there_when_they_are_asked_for(demo: OpenStore, reference: Reference, tmp_path: Path) -> None:
    folder = export(demo, reference, tmp_path / "out", with_text=True).folder
    with demo.database.reading() as session:
        assessments = set(session.scalars(select(Visit.assessment).where(Visit.assessment != "")))
    assert assessments
    assert {row["assessment"] for row in read(folder, "cycles")} >= assessments
    names = set(polars.read_parquet(folder / "cycles.parquet").columns)
    assert {line["column"] for line in read(folder, "dictionary") if line["file"] == "cycles.csv"} == names
