"""How muscles are called beside their names: what a search finds and what a spreadsheet of years ago says."""

import re

from clinic_app.reference.muscles import Muscle
from clinic_app.reference.side_words import folded

ABBREVIATIONS = {
    "sternocleidomastoideus": ("scm", "scom", "sternomastoid", "sternocleido"),
    "cricoarytenoideus_posterior": ("pca",),
    "cricoarytenoideus_lateralis": ("lca",),
    "thyroarytenoideus": ("ta",),
    "arytenoideus_transversus": ("ia",),
    "cricothyroideus": ("ct",),
    "corrugator_supercilii": ("corrugator",),
    "latissimus_dorsi": ("latissimus", "lats"),
    "biceps_brachii": ("bb",),
    "brachioradialis": ("br", "brd"),
    "pronator_teres": ("pt",),
    "pronator_quadratus": ("pq",),
    "palmaris_longus": ("pl",),
    "interossei_dorsales_manus": ("di", "fdi"),
    "adductor_pollicis": ("adp",),
    "opponens_pollicis": ("op",),
    "platysma": ("plat",),
    "extensor_digitorum": ("edc", "extensor digitorum communis"),
    "extensor_indicis": ("ei", "eip", "extensor indicis proprius"),
    "extensor_digiti_minimi": ("edq", "extensor digiti quinti"),
    "rectus_femoris": ("rf",),
    "vastus_lateralis": ("vl",),
    "vastus_medialis": ("vm",),
    "vastus_intermedius": ("vi",),
    "biceps_femoris": ("bf",),
    "semitendinosus": ("st",),
    "semimembranosus": ("sm",),
    "gastrocnemius_caput_mediale": ("mg", "gm"),
    "gastrocnemius_caput_laterale": ("lg", "gl"),
    "tibialis_anterior": ("ta",),
    "tibialis_posterior": ("tp",),
    "fibularis_longus": ("pl", "fl"),
    "fibularis_brevis": ("pb", "fb"),
    "fibularis_tertius": ("pt", "peroneus tertius"),
    "glandula_parotidea": ("parotis",),
    "glandula_submandibularis": ("submandibularis",),
}
"""In common clinical use, and not given by the initials of the English name."""

GROUPS = {
    name: muscles
    for names, muscles in (
        ("ecr", ("extensor_carpi_radialis_longus", "extensor_carpi_radialis_brevis")),
        ("quadriceps quads", ("rectus_femoris", "vastus_lateralis", "vastus_medialis", "vastus_intermedius")),
        ("hamstrings hamstring hams", ("semitendinosus", "semimembranosus", "biceps_femoris")),
        ("adductors", ("adductor_longus", "adductor_brevis", "adductor_magnus")),
        ("psoas", ("iliopsoas", "psoas_major")),
        ("peroneals peronei fibulares", ("fibularis_longus", "fibularis_brevis", "fibularis_tertius")),
        ("paraspinals paraspinal", ("iliocostalis_lumborum", "longissimus_thoracis", "longissimus_cervicis")),
        ("erector_spinae", ("iliocostalis_lumborum", "longissimus_thoracis")),
        ("vocal_cord vocal_fold vocal_cords", ("thyroarytenoideus", "vocalis", "plica_vestibularis")),
        ("thenar", ("abductor_pollicis_brevis", "flexor_pollicis_brevis", "opponens_pollicis")),
        ("adm", ("abductor_digiti_minimi_manus",)),  # the foot has one as well
    )
    for name in (each.replace("_", " ") for each in names.split())
}
"""Words for several muscles, or for one that has a namesake which the reference does not hold."""


def words_of(text: str) -> list[str]:
    """The words of a name or of what is typed, without accents and case."""
    return re.findall(r"\w+", folded(text))


def initials(muscle: Muscle) -> str:
    """The initials of the name up to its first comma or bracket; "" where that is one word."""
    words = words_of(re.split(r"[,(]", muscle.name)[0])
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def finger(muscle: Muscle) -> str:
    """The number of the finger, for the parts of the finger flexors; "" for every other muscle."""
    found = re.search(r"_d(\d)$", muscle.id)
    return found[1] if found is not None else ""


def short_forms(muscle: Muscle) -> frozenset[str]:
    """Abbreviations and initials, with the finger where there is one (fds3, fds d3)."""
    short = {initials(muscle), *ABBREVIATIONS.get(muscle.id, ())} - {""}
    if finger(muscle):
        short |= {f"{initials(muscle)}{finger(muscle)}", f"{initials(muscle)} d{finger(muscle)}"}
    return frozenset(short)
