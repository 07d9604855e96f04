import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clinic_app.reference import Reference, load_reference
from clinic_app.reference.loading import BrokenReferenceError
from clinic_app.resources import resource_path


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resource_path("reference"), tmp_path / "reference", copy_function=shutil.copyfile))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_everything_that_ships_is_read(reference: Reference) -> None:
    assert len(reference.muscles) == 181
    assert sum(len(muscle.doses) for muscle in reference.muscles.values()) == 199
    assert list(reference.products) == [
        "onabotulinumtoxinA",
        "abobotulinumtoxinA",
        "incobotulinumtoxinA",
        "rimabotulinumtoxinB",
        "daxibotulinumtoxinA",
    ]
    assert list(reference.cosmetic_products) == ["prabotulinumtoxinA", "letibotulinumtoxinA"]
    assert len(reference.side_effects) == 35
    assert len(reference.indications) == 20
    assert len(reference.components) == 14
    assert len(reference.scales) == 17
    assert len(reference.codes.procedures) == 19
    assert len(reference.sources) == 153


def test_an_id_leads_to_its_entry(reference: Reference) -> None:
    assert reference.muscle("splenius_capitis").latin == "Musculus splenius capitis"
    assert reference.product("rimabotulinumtoxinB").serotype == "B"
    assert reference.side_effect("dysphagia").red_flag == "conditional"
    assert reference.indication("blepharospasm").distribution == "focal"
    assert reference.components["torticollis"].sided
    assert reference.sources["K"].url is None


@pytest.mark.parametrize("look_up", ["product", "side_effect", "indication"])
def test_an_unknown_id_is_a_key_error(reference: Reference, look_up: str) -> None:
    with pytest.raises(KeyError):
        getattr(reference, look_up)("nothing_of_the_kind")


def test_a_muscle_of_an_older_or_newer_list_has_a_name_and_no_facts(reference: Reference) -> None:
    muscle = reference.muscle("musculus_ignotus")
    assert (muscle.name, muscle.side, muscle.paired) == ("musculus ignotus", "unknown", False)
    assert not (muscle.doses or muscle.patterns or muscle.local_effects or muscle.for_specialists)
    assert not muscle.needs_guidance


@pytest.mark.parametrize("attribute", ["name", "side"])
def test_entries_cannot_be_changed(reference: Reference, attribute: str) -> None:
    with pytest.raises(AttributeError):
        setattr(reference.muscle("splenius_capitis"), attribute, "another")


def test_effects_of_a_muscle_come_from_its_risk_and_from_its_local_effects(reference: Reference) -> None:
    effects = [effect.id for effect in reference.effects_of("sternocleidomastoideus")]
    # breathing_difficulty and aspiration name the muscle; neck_weakness is one of its local effects
    assert effects == ["breathing_difficulty", "dysphagia", "aspiration", "neck_weakness", "dry_mouth", "voice_change"]


def test_every_muscle_can_cause_at_least_one_side_effect(reference: Reference) -> None:
    assert [muscle for muscle in reference.muscles if not reference.effects_of(muscle)] == []


@pytest.mark.parametrize("module", ["clinic_app.reference", "clinic_app.rules", "clinic_app.reference.units"])
def test_importing_reads_nothing_and_loads_no_parser(module: str) -> None:
    program = (
        f"import sys, {module}\n"
        "from clinic_app.reference import load_reference\n"
        "load_reference()\n"
        "print({'yaml', 'msgspec'} & set(sys.modules))\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_file_is_read_at_the_first_look_up_and_never_again(copied: Path) -> None:
    reference = load_reference(copied)
    assert reference.muscles
    for file in copied.iterdir():
        if file.name != "scales.yaml":
            file.unlink()
    assert reference.muscles_file.regions
    assert reference.muscle("masseter").paired
    assert reference.scales["tsui"].total.max == 25
    with pytest.raises(FileNotFoundError):
        assert reference.products


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("muscles.yaml", "\n  latin: ", "\n  lattin: ", "muscles.yaml: sternocleidomastoideus: "),
        ("muscles.yaml", "high: 100,", "high: much,", "muscles.yaml: sternocleidomastoideus: "),
        ("muscles.yaml", "side: paired", "side: both", "muscles.yaml: sternocleidomastoideus: "),
        ("toxins.yaml", "max_hours: 24", "max_days: 1", "toxins.yaml: onabotulinumtoxinA: "),
        ("side_effects.yaml", "reportable: always", "reportable: never", "side_effects.yaml: breathing_difficulty: "),
        ("indications.yaml", "code: G24.3", "kode: G24.3", "indications.yaml: cervical_dystonia: "),
        ("codes.yaml", "laterality: unilateral", "laterality: one", "codes.yaml: 64612: "),
        ("scales.yaml", "direction: lower_better\n", "way: down\n", "scales.yaml: twstrs: "),
        ("scales.yaml", "schema_version: 1", "schema: 1", "scales.yaml: "),
        ("codes.yaml", "procedures:", "procedures: [", "codes.yaml: "),
    ],
)
def test_a_wrong_entry_is_refused_with_the_names_of_file_and_entry(
    copied: Path, file: str, old: str, new: str, named: str
) -> None:
    replace(copied / file, old, new)
    reference = load_reference(copied)
    with pytest.raises(BrokenReferenceError) as caught:
        assert reference.sources
    assert str(caught.value).startswith(named)
