"""Which baked picture stands in front, and the short blend from one layer to the next."""

from collections.abc import Hashable, Mapping
from pathlib import Path

from PySide6.QtCore import QEasingCurve, QObject, QRectF, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsScene

from clinic_app.atlas.plates import Layer, Plate
from clinic_app.ui.muscle_map.pictures import PictureItem, PictureShelf, ReadPicture, Tint

FADE_MS = 150
_UNDER = -1.0


class PictureStage(QObject):
    """Shows one picture of a scene. A picture that is not read yet comes when somebody has read it."""

    picture_wanted = Signal(object)
    """The Path of a picture to be read in another thread and handed to ``take``."""
    changed = Signal()
    """Another picture stands in front."""

    def __init__(self, scene: QGraphicsScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._shelf = PictureShelf()
        self._box = QRectF(0, 0, 1, 1)
        self._plate: Plate | None = None
        self._layer: Layer | None = None
        self._neutral = False
        self._resting = True
        self._awaited: tuple[Path, bool] | None = None
        self._tints: Mapping[Hashable, Tint] = {}
        self._hints: Mapping[Hashable, QPainterPath] = {}
        self._leaving: PictureItem | None = None
        self.front: PictureItem | None = None
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.setDuration(FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fade.valueChanged.connect(self._fade_step)
        self._fade.finished.connect(self._fade_done)

    @property
    def blending(self) -> bool:
        """Whether one layer blends into another at the moment."""
        return self._leaving is not None

    def show(
        self,
        plate: Plate,
        box: QRectF,
        layer: Layer,
        tints: Mapping[Hashable, Tint],
        hints: Mapping[Hashable, QPainterPath],
        *,
        neutral: bool,
        fade: bool,
    ) -> None:
        """Bring a layer's picture to the front; ``fade`` blends from the one before, of the same plate."""
        self._fade.stop()
        self._fade_done()
        same = plate is self._plate
        if not same and self.front is not None:
            self._scene.removeItem(self.front)
            self.front = None
        self._plate, self._box, self._layer, self._neutral, self._tints = plate, box, layer, neutral, tints
        self._hints = hints
        self._bring(fade=fade and same)

    def set_neutral(self, neutral: bool) -> None:
        """The grey of no dose, on which doses are coloured, or the natural red."""
        if neutral is not self._neutral and self._layer is not None:
            self._neutral = neutral
            self._bring(fade=False)

    def set_tints(self, tints: Mapping[Hashable, Tint]) -> None:
        """Colours multiplied over the picture in front."""
        self._tints = tints
        # While another picture is awaited, the one in front keeps its own colours.
        if self.front is not None and self._awaited is None:
            self.front.set_tints(tints)

    def set_hints(self, hints: Mapping[Hashable, QPainterPath]) -> None:
        """Shapes marked as usual on the picture in front."""
        self._hints = hints
        if self.front is not None and self._awaited is None:
            self.front.set_hints(hints)

    def set_resting(self, resting: bool) -> None:
        """Say whether the view moves."""
        self._resting = resting
        for item in (self.front, self._leaving):
            if item is not None:
                item.set_resting(resting)

    def take(self, read: ReadPicture) -> None:
        """A picture that was read in another thread."""
        self._shelf.put(read)
        if self._awaited is not None and self._awaited[0] == read.path:
            self._swap(fade=self._awaited[1])

    def wanted_soon(self) -> list[Path]:
        """The pictures that one step more would need, the likeliest first.

        The one in front in its full size, the other kind of this layer, the other layers in this kind.
        """
        if self._plate is None or self._layer is None:
            return []
        paths = [self._layer.neutral, self._layer.natural]
        if not self._neutral:
            paths.reverse()
        others = [layer for layer in self._plate.layers if layer is not self._layer]
        paths += [layer.neutral if self._neutral else layer.natural for layer in others]
        return [path for path in paths[:4] if not self._shelf.has(path)]

    def rest(self) -> None:
        """Keep only the layer in front, in both kinds: nobody looks, and each picture takes ten MB."""
        if self._layer is not None:
            self._shelf.keep_only((self._layer.neutral, self._layer.natural))

    def forget(self) -> None:
        """Read pictures again when they are next wanted."""
        self._shelf = PictureShelf()

    def fade_to(self, share: float) -> None:
        """How much of the way from the picture before has passed, 0 to 1."""
        if self.front is not None:
            self.front.setOpacity(share)

    def _bring(self, *, fade: bool) -> None:
        path = self._path()
        if path is None:
            return
        if self.front is not None and not self._shelf.has(path):
            # Reading takes longer than a frame: what is in front stays until another thread has it ready.
            self._awaited = path, fade
            self.picture_wanted.emit(path)
        else:
            self._swap(fade=fade)

    def _swap(self, *, fade: bool) -> None:
        path = self._path()
        self._awaited = None
        if path is None:
            return
        old = self.front
        self.front = PictureItem(self._box, path, self._shelf)
        self.front.set_tints(self._tints)
        self.front.set_hints(self._hints)
        self.front.set_resting(self._resting)
        self._scene.addItem(self.front)
        if fade and old is not None:
            self._leaving = old
            old.setZValue(_UNDER)
            self.front.setOpacity(0.0)
            self._fade.start()
        elif old is not None:
            self._scene.removeItem(old)
        self.changed.emit()

    def _path(self) -> Path | None:
        if self._layer is None:
            return None
        return self._layer.neutral if self._neutral else self._layer.natural

    @Slot(object)
    def _fade_step(self, value: object) -> None:
        if isinstance(value, float):
            self.fade_to(value)

    @Slot()
    def _fade_done(self) -> None:
        if self._leaving is not None:
            self._scene.removeItem(self._leaving)
            self._leaving = None
        self.fade_to(1.0)
