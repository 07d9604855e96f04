"""The clinic's sign on its paper: read from a picture, kept small, taken away."""

import hashlib
import warnings
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Clinic, ClinicLogo
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
LARGEST_FILE = 20_000_000
"""Bytes: more is no logo."""
_MOST_PIXELS = 60_000_000
_NEARLY_WHITE = 24  # of 255: as far from white as the empty edge of a photograph may be
_KEPT_SIZE = (480, 200)
"""Pixels: 360 dots an inch at the largest size at which paper shows it, 96 by 40 points."""


class Logos:
    """The use cases around the logo."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def shown(self) -> bytes:
        """The logo as a PNG picture; empty where the clinic has none."""
        with self._database.reading() as session:
            return logo_of(session)

    def take(self, actor: Actor, picture: bytes) -> bytes:
        """Print this picture on the clinic's paper from now on, or none where it is empty; returns what was there.

        Raises ClinicError where it is no picture, or too large to be one.
        """
        require(actor, Act.SETTINGS)
        png = logo_from(picture) if picture else b""
        with self._database.writing(actor.account_id, self._clock()) as session:
            clinic_id = session.scalars(select(Clinic.id)).one()
            kept = session.get(ClinicLogo, clinic_id)
            before = b"" if kept is None else kept.png
            digest = hashlib.sha256(png).hexdigest()
            if kept is None and png:
                session.add(ClinicLogo(clinic_id=clinic_id, digest=digest, png=png))
            elif kept is not None and png:
                kept.png, kept.digest = png, digest
            elif kept is not None:
                session.delete(kept)
            return before


def logo_of(session: Session) -> bytes:
    """The logo as a PNG picture; empty where the clinic has none."""
    return session.scalar(select(ClinicLogo.png)) or b""


def logo_from(picture: bytes) -> bytes:
    """A picture of any usual kind as a small PNG on white without the empty edge around it.

    Raises ClinicError where it is no picture, or too large to be one.
    """
    from PIL import Image, ImageChops, ImageOps

    if len(picture) > LARGEST_FILE:
        raise ClinicError("logo_too_large", field="logo")
    try:
        with warnings.catch_warnings():
            # The size is looked at below; what else the library minds, such as a torn EXIF part, is no matter here.
            warnings.simplefilter("ignore")
            opened = Image.open(BytesIO(picture), formats=FORMATS)
            if opened.width * opened.height > _MOST_PIXELS:
                raise ClinicError("logo_too_large", field="logo")
            opened.draft("RGB", _KEPT_SIZE)  # a large photograph is read at a fraction of its size
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ClinicError("logo_unreadable", field="logo") from error
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    ink = ImageChops.invert(flat).point(lambda value: value if value > _NEARLY_WHITE else 0)
    inside = ink.getbbox()
    if inside is None:
        raise ClinicError("logo_empty", field="logo")
    small = flat.crop(inside)
    small.thumbnail(_KEPT_SIZE, Image.Resampling.LANCZOS)
    written = BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()
