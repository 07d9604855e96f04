"""What the invented patients are treated for and with. Doses are made up for show, for each product on its own;
none is converted from another and none is advice."""

from dataclasses import dataclass

ONA, INCO, ABO = "onabotulinumtoxinA", "incobotulinumtoxinA", "abobotulinumtoxinA"


@dataclass(frozen=True, slots=True)
class PatternedLine:
    """A muscle on the side of the symptom ("same"), the other side, both sides or the middle, with its units."""

    muscle: str
    where: str
    units: int | float
    points: int = 1


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of patient: the diagnosis and one pattern per product."""

    indication: str
    icd10cm: str
    region_first: str
    distribution: str
    components: tuple[str, ...]
    task_specific: str
    patterns: dict[str, tuple[PatternedLine, ...]]


def _lines(*rows: tuple[str, str, int | float, int]) -> tuple[PatternedLine, ...]:
    return tuple(PatternedLine(*row) for row in rows)


PROFILES: dict[str, Profile] = {
    "torticollis": Profile(
        "cervical_dystonia",
        "G24.3",
        "neck",
        "focal",
        ("torticollis", "laterocollis"),
        "",
        {
            ONA: _lines(
                ("splenius_capitis", "same", 60, 3),
                ("sternocleidomastoideus", "other", 40, 2),
                ("levator_scapulae", "same", 25, 1),
                ("trapezius_pars_descendens", "other", 30, 2),
                ("semispinalis_capitis", "same", 25, 1),
            ),
            INCO: _lines(
                ("splenius_capitis", "same", 50, 2),
                ("sternocleidomastoideus", "other", 25, 2),
                ("obliquus_capitis_inferior", "same", 15, 1),
                ("trapezius_pars_descendens", "same", 25, 2),
            ),
            ABO: _lines(
                ("splenius_capitis", "same", 200, 3),
                ("sternocleidomastoideus", "other", 100, 2),
                ("levator_scapulae", "same", 75, 1),
                ("trapezius_pars_descendens", "same", 100, 2),
            ),
        },
    ),
    "laterocollis": Profile(
        "cervical_dystonia",
        "G24.3",
        "neck",
        "focal",
        ("laterocollis", "laterocaput"),
        "",
        {
            ONA: _lines(
                ("levator_scapulae", "same", 40, 2),
                ("scalenus_medius", "same", 20, 1),
                ("splenius_capitis", "same", 50, 2),
                ("trapezius_pars_descendens", "same", 40, 2),
                ("longissimus_capitis", "same", 20, 1),
            ),
            INCO: _lines(
                ("levator_scapulae", "same", 25, 1),
                ("scalenus_medius", "same", 15, 1),
                ("splenius_capitis", "same", 50, 2),
                ("sternocleidomastoideus", "same", 25, 1),
            ),
        },
    ),
    "retrocollis": Profile(
        "cervical_dystonia",
        "G24.3",
        "neck",
        "segmental",
        ("retrocollis", "head_tremor_no_no"),
        "",
        {
            ONA: _lines(
                ("splenius_capitis", "both", 50, 2),
                ("semispinalis_capitis", "both", 30, 2),
                ("trapezius_pars_descendens", "both", 20, 1),
            ),
            ABO: _lines(
                ("splenius_capitis", "both", 150, 2),
                ("semispinalis_capitis", "both", 75, 1),
            ),
        },
    ),
    "blepharospasm": Profile(
        "blepharospasm",
        "G24.5",
        "eyelids",
        "focal",
        (),
        "",
        {
            ONA: _lines(
                ("orbicularis_oculi_pretarsal", "both", 7.5, 3),
                ("orbicularis_oculi_preseptal", "both", 5, 2),
                ("corrugator_supercilii", "both", 5, 1),
                ("procerus", "middle", 5, 1),
            ),
            INCO: _lines(
                ("orbicularis_oculi_pretarsal", "both", 10, 3),
                ("orbicularis_oculi_orbital", "both", 7.5, 2),
                ("corrugator_supercilii", "both", 5, 1),
            ),
        },
    ),
    "hemifacial": Profile(
        "hemifacial_spasm",
        "G51.39",
        "face",
        "focal",
        (),
        "",
        {
            INCO: _lines(
                ("orbicularis_oculi_pretarsal", "same", 10, 3),
                ("orbicularis_oculi_preseptal", "same", 5, 2),
                ("zygomaticus_major", "same", 2.5, 1),
                ("platysma", "same", 5, 2),
            ),
        },
    ),
    "writers_cramp": Profile(
        "writers_cramp",
        "G25.89",
        "right hand",
        "focal",
        (),
        "writing",
        {
            ONA: _lines(
                ("flexor_carpi_radialis", "same", 15, 1),
                ("flexor_digitorum_superficialis_d2", "same", 10, 1),
                ("flexor_pollicis_longus", "same", 10, 1),
            ),
        },
    ),
    "jaw": Profile(
        "oromandibular_jaw_closing",
        "G24.4",
        "jaw",
        "focal",
        (),
        "",
        {
            ONA: _lines(("masseter", "both", 30, 2), ("temporalis", "both", 20, 2)),
            ABO: _lines(("masseter", "both", 100, 2), ("temporalis", "both", 60, 2)),
        },
    ),
    "spasticity": Profile(
        "spasticity_upper",
        "",
        "arm",
        "focal",
        (),
        "",
        {
            ONA: _lines(
                ("biceps_brachii", "same", 100, 4),
                ("flexor_carpi_radialis", "same", 50, 1),
                ("flexor_carpi_ulnaris", "same", 40, 1),
                ("flexor_digitorum_superficialis_d3", "same", 30, 1),
            ),
            ABO: _lines(
                ("biceps_brachii", "same", 300, 4),
                ("flexor_carpi_radialis", "same", 150, 2),
                ("flexor_carpi_ulnaris", "same", 100, 2),
            ),
        },
    ),
}
