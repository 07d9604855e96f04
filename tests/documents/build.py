"""Realistic content, and a plate small enough to be drawn in the tests."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from PIL import Image

from clinic_app.atlas.plates import Layer, Part, Plate
from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.map_picture import MapDose, MapPicture, MapPoint
from clinic_app.documents.page import Edition
from clinic_app.documents.visit_content import (
    NoteAddendum,
    NoteCheck,
    NoteInjection,
    NoteResponse,
    NoteSignature,
    NoteTotal,
    NoteVial,
    VisitNote,
)

CLINIC = Clinic("Riverside Movement Clinic", ("1200 Harbor Avenue", "Portland, OR 97201"), "+1 503 555 0142")
PATIENT = PatientIdentity("Ada Nkechi Okafor", date(1961, 3, 12), "MRN0004321")
PATTERN = (
    ("splenius capitis", "right", "60"),
    ("splenius capitis", "left", "20"),
    ("sternocleidomastoid", "left", "40"),
    ("sternocleidomastoid", "right", "15"),
    ("upper trapezius", "right", "25"),
    ("upper trapezius", "left", "12.5"),
    ("levator scapulae", "right", "22"),
    ("semispinalis capitis", "right", "21"),
    ("semispinalis capitis", "left", "14"),
    ("obliquus capitis inferior", "right", "16"),
    ("longissimus capitis", "right", "10"),
    ("scalenus medius", "left", "7.5"),
)
SIGNATURE = NoteSignature("Elena Marchetti, MD", datetime(2026, 11, 24, 10, 2), "9f86d081" * 8)


def plate(folder: Path, title: str = "Neck from behind") -> Plate:
    """A plate of 200 by 180 mm with one muscle on each side."""
    picture = folder / f"{title}.webp"
    Image.new("RGBA", (800, 720), (226, 226, 226, 160)).save(picture)
    parts = tuple(_part(side, x) for side, x in (("left", 40.0), ("right", 120.0)))
    layer = Layer("intermediate", "Intermediate layer", parts, picture, picture)
    marks = (("L", 12.0, 12.0), ("R", 188.0, 12.0))
    return Plate("test", title, "neck", ("left", "right"), (0.0, 0.0, 200.0, 180.0), 4.0, (layer,), marks, ())


def _part(side: str, x: float) -> Part:
    corners = ((x, 40.0), (x + 40, 40.0), (x + 40, 110.0), (x, 110.0))
    grid = ((corners[0], corners[3]), (corners[1], corners[2]))
    bounds = (x, 40.0, x + 40, 110.0)
    return Part("splenius", "splenius_capitis", side, (corners,), (x + 20, 75.0), bounds, 2800.0, 90.0, grid)


def picture(folder: Path, title: str = "Neck from behind") -> MapPicture:
    """Two doses; the right one has points with odd units that occur nowhere else, the left one has none."""
    return MapPicture(
        plate(folder, title),
        (
            MapDose("splenius_capitis", "left", Decimal("33.3")),
            MapDose("splenius_capitis", "right", Decimal(60)),
        ),
        (
            MapPoint(130, 60, "18.7", "splenius_capitis", "right"),
            MapPoint(140, 90, "19.1", "splenius_capitis", "right"),
        ),
    )


def usual_note(folder: Path, *, signed: bool = True, paper: str = "Letter") -> VisitNote:
    """The note of a usual visit: twelve lines, two vials, two plates."""
    return VisitNote(
        clinic=CLINIC,
        patient=PATIENT,
        visited_on=date(2026, 11, 24),
        injector="Dr. Elena Marchetti",
        indication="Cervical dystonia",
        icd10cm="G24.3",
        response=NoteResponse(75, 8, 10, ("Trouble swallowing, mild, day 6 to day 19",)),
        history="Head turning and pain were clearly better for nine weeks.",
        assessment="Left torticollis with right laterocollis. No weakness of neck extension.",
        scale_totals=(("TWSTRS severity", "17"), ("TWSTRS pain", "8.25")),
        consent="Written consent confirmed",
        vials=(
            NoteVial(
                "Botox (onabotulinumtoxinA)",
                "C7654C3",
                date(2028, 4, 30),
                Decimal(200),
                "sodium chloride 0.9 %",
                Decimal(4),
                Decimal(5),
                datetime(2026, 11, 24, 9, 12),
                Decimal(200),
                Decimal(0),
            ),
            NoteVial(
                "Botox (onabotulinumtoxinA)",
                "C7701C1",
                date(2028, 6, 30),
                Decimal(100),
                "sodium chloride 0.9 %",
                Decimal(2),
                Decimal(5),
                datetime(2026, 11, 24, 9, 15),
                Decimal(63),
                Decimal(37),
                "remainder discarded",
            ),
        ),
        injections=tuple(
            NoteInjection(muscle, side, Decimal(units), Decimal(units) / 50, 2, ("EMG",), lot)
            for (muscle, side, units), lot in zip(PATTERN, ["C7654C3"] * 9 + ["C7701C1"] * 3, strict=True)
        ),
        totals=(NoteTotal("Botox (onabotulinumtoxinA)", Decimal(263), Decimal("5.26")),),
        pictures=(picture(folder), picture(folder, "Neck from the side")),
        checks=(
            NoteCheck(
                "Overridden",
                "83 days since the last injection; the minimum is 84.",
                "Travels from abroad.",
                "Elena Marchetti, MD",
            ),
            NoteCheck("Acknowledged", "A side effect followed this dose before.", "Dose lowered.", "Hal Osei, RN"),
        ),
        complications="None, left after 20 minutes.",
        codes=("CPT 64616", "HCPCS J0585"),
        plan="Same pattern if swallowing stays normal.",
        next_interval="12 weeks",
        next_visit=datetime(2027, 2, 16, 9, 30),
        signature=SIGNATURE if signed else None,
        addenda=(
            NoteAddendum(
                "Elena Marchetti, MD",
                datetime(2026, 11, 25, 8, 15),
                "Lot read again: as recorded.",
                "The label was hard to read.",
                "b5bb9d80" * 8,
            ),
        )
        if signed
        else (),
        edition=Edition(paper),
    )
