"""Invented patients, the same on every machine. Names, numbers and stories are made up; doses are no advice."""

import random
from dataclasses import dataclass
from datetime import date

from clinic_app.demo.histories import with_history
from clinic_app.demo.patterns import PROFILES, Profile
from clinic_app.demo.told import COURSE, NUMBER
from clinic_app.services.patient_data import PatientForm
from clinic_app.terms import Sex, Side

SEED = 20
PEOPLE = 60
YEARS = 3

_GIVEN = {
    Sex.FEMALE: (
        "Ada Ines Maria Noor Elodie Hannah Grace Yuki Leila Rosa Ingrid Priya Marta Sofia Zuzana Amina Clara "
        "Birgitta Mei Odile Fatima Ruth Nadia Vera Paloma Tove Agnes Salma Ilse Joana"
    ).split(),
    Sex.MALE: (
        "Jonas Emeka Luis Henrik Omar Paul Kenji Tomasz Ravi Marco Elias Stefan Mihai André Viktor Samuel "
        "Ibrahim Callum Dario Anton Felix Bruno Idris Mateo Oskar Pavel Rolf Theo Wim Yann"
    ).split(),
}
_FAMILY = (
    "Okafor Muñoz Lindqvist Haddad Nakamura Kowalska Fernandes Byrne Petrov Søndergaard Iyer Castillo "
    "Weber Novák Adeyemi Rossi Dubois Kaya Jansen Marchetti Abdi Hughes Świderska Moreau Tanaka Varga "
    "Costa Eriksen Bauer Osei Delgado Fischer Horvat Ng Papadakis Quinn Rahimi Silva Thorsen Ünal Vega "
    "Whitaker Xu Yilmaz Zielińska Álvarez Brandt Conti Doyle Engel Falk Grant Holm Ivanova Juarez Keller "
    "Lund Marsh Nolan Ortega Pereira"
).split()
_STREETS = (
    "Mill Lane,Harbor Street,Orchard Road,Station Avenue,Lake View,Chapel Hill,Cedar Court,Bridge Street"
).split(",")
_PAYERS = ("Northern Mutual", "Harbor Health Plan", "State Plan", "Self-pay", "Union Care")
_READ_SPANISH = frozenset((13, 28, 37, 45, 52))  # by number: a drawn language would change all that is drawn after it
_DOCTORS = ("Dr. P. Aldridge", "Dr. S. Menon", "Dr. K. Brauer", "Dr. L. Farah", "Dr. H. Strand")


@dataclass(frozen=True, slots=True)
class Person:
    """An invented patient: what is registered, what is treated, and the rhythm of the visits.

    ``due`` counts days from the Monday of the demo's week to the visit nearest to it; ``hour`` and ``minute`` are the
    usual time; ``injector`` is 0 or 1.
    """

    number: int
    form: PatientForm
    profile: Profile
    product: str
    side: Side
    weeks: int
    due: int
    cycles: int
    hour: int
    minute: int
    injector: int


def people(monday: date) -> tuple[Person, ...]:
    """Everybody, with dates relative to the Monday of the demo's week."""
    chance = random.Random(SEED)
    families = list(_FAMILY)
    chance.shuffle(families)
    return tuple(_person(number, families[number % len(families)], chance, monday) for number in range(PEOPLE))


def _person(number: int, family: str, chance: random.Random, monday: date) -> Person:
    sex = chance.choice((Sex.FEMALE, Sex.FEMALE, Sex.FEMALE, Sex.MALE, Sex.MALE))
    given = _GIVEN[sex][number * 7 % 30]
    if number == 41:
        family = "Okafor"  # two people of one name on the list, as every clinic has
    profile = PROFILES[_PROFILE_OF[number % len(_PROFILE_OF)]]
    product = chance.choice(tuple(profile.patterns))
    side = chance.choice((Side.LEFT, Side.RIGHT))
    weeks = chance.choice((12, 12, 12, 13, 13, 14, 16))
    due = _due(number, chance)
    newest = chance.choice((1, 1, 2, 3, 5)) if number % 6 == 5 else 12
    cycles = len(COURSE) if number == NUMBER else min(YEARS * 52 // weeks, newest if newest < 12 else 99)
    birth = date(monday.year - chance.randint(28, 79), chance.randint(1, 12), chance.randint(1, 28))
    form = PatientForm(
        record_number=f"MRN{4301 + number * 20:07d}",
        family_name=family,
        given_name=given,
        birth_date=birth,
        sex=sex,
        phone=f"555-01{number:02d}",
        email=f"patient{number:02d}@example.org",
        address=f"{chance.randint(2, 180)} {chance.choice(_STREETS)}, Port Alder",
        emergency_contact=f"{chance.choice(_GIVEN[Sex.FEMALE] + _GIVEN[Sex.MALE])} {family}, 555-02{number:02d}",
        language="Spanish" if number in _READ_SPANISH else "English",
        preferred_contact=chance.choice(("telephone", "e-mail", "letter")),
        referring_doctor=chance.choice(_DOCTORS),
        payer=chance.choice(_PAYERS),
        usual_interval_weeks=weeks,
    )
    return Person(
        number=number,
        form=with_history(number, form, profile, product, side, monday),
        profile=profile,
        product=product,
        side=side,
        weeks=weeks,
        due=due,
        cycles=cycles,
        hour=chance.choice((8, 9, 10, 11, 13, 14, 15, 16)),
        minute=chance.choice((0, 30)) if due % 2 == 0 else 30,
        injector=int(number % 5 > 2),
    )


# Cervical dystonia is most of the work of such a clinic; the rest is spread over its neighbours.
_PROFILE_OF = (
    "torticollis", "torticollis", "laterocollis", "retrocollis", "blepharospasm", "torticollis", "laterocollis",
    "hemifacial", "torticollis", "writers_cramp", "blepharospasm", "torticollis", "jaw", "torticollis", "spasticity",
)  # fmt: skip


def _due(number: int, chance: random.Random) -> int:
    """Half of the clinic is due in the demo's week, so that its days are full; the rest around it."""
    if number % 2 == 0:
        return number // 2 % 5
    return chance.choice((-14, -7, 7, 14, 21, 28, 35, 42)) + chance.randint(0, 4)
