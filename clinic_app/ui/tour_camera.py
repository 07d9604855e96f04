"""Takes the pictures of the tour."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from clinic_app.ui.pdf_preview import page_image, page_sizes
from clinic_app.ui.theme import Appearance, Look

SIZE = QSize(1440, 900)

SIZE = QSize(1440, 900)
PAGE_WIDTH = 1240  # 150 dots an inch on A4


class Camera:
    """Takes a widget as it stands: in scale 1, in scale 2, and in dark."""

    def __init__(self, application: QApplication, look: Look, out: Path) -> None:
        self._application = application
        self._look = look
        self._out = out
        self._number = 0
        self.taken = 0
        self.settle: Callable[[], object] = lambda: None

    def take(self, name: str, widget: QWidget) -> None:
        """Three pictures of the widget under one number."""
        self._number += 1
        stem = f"{self._number:02d}-{name}"
        self._settle()
        self._write(widget, f"{stem}.png", 1)
        self._write(widget, f"{stem}-2x.png", 2)
        self._look.set_appearance(Appearance.DARK)
        self._settle()
        self._write(widget, f"{stem}-dark.png", 1)
        self._look.set_appearance(Appearance.LIGHT)
        self._settle()

    def take_paper(self, name: str, pdf: bytes) -> None:
        """The document itself and a picture of each page."""
        (self._out / f"{name}.pdf").write_bytes(pdf)
        for page in range(len(page_sizes(pdf))):
            page_image(pdf, page, PAGE_WIDTH).save(str(self._out / f"{name}-page-{page + 1}.png"))
            self.taken += 1

    def _settle(self) -> None:
        self.settle()
        for _ in range(3):
            self._application.processEvents()

    def _write(self, widget: QWidget, file: str, scale: int) -> None:
        image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(scale)
        image.fill(QColor(self._look.theme.window))
        widget.render(image)
        image.save(str(self._out / file))
        self.taken += 1
