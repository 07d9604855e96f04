"""The clinic's sign at the head of its paper."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

LOGO_SIZE = (96.0, 40.0)
"""The most that it takes beside the clinic's name, in points."""
LOGO_GAP = 10.0


@dataclass(frozen=True)
class Logo:
    """A picture and its size on paper in points."""

    picture: Any
    width: float
    height: float

    def draw(self, canvas: Any, left: float, top: float) -> None:
        """Draw it with its upper left corner there."""
        canvas.drawImage(self.picture, left, top - self.height, self.width, self.height)


def logo_within(png: bytes, width: float, height: float) -> Logo | None:
    """The logo as large as it may be; None where the clinic has none."""
    if not png:
        return None
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(BytesIO(png))
    across, down = picture.getSize()
    scale = min(width / across, height / down)
    return Logo(picture, across * scale, down * scale)
