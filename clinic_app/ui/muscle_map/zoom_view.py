"""A view of a plate that zooms about the pointer, fits, and never loses the plate."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from clinic_app.ui.muscle_map import overlay
from clinic_app.ui.muscle_map.pictures import shrunk_size
from clinic_app.ui.muscle_map.plate_scene import PlateScene
from clinic_app.ui.theme import current_theme

LEAST_ZOOM, MOST_ZOOM = 0.5, 16.0
MOST_SCREEN_PIXELS_PER_PIXEL = 3.0
_REST_MS = 120
_NAMES_BESIDE = 0.145
"""The share of the width kept free at each side of a fitted plate; long names reach over its empty corners."""


class ZoomView(QGraphicsView):
    """Pan and zoom; what mouse and keys mean otherwise is the heir's business."""

    moved = Signal()
    """The view rests after a pan or zoom."""

    def __init__(self, scene: PlateScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._scene = scene  # the view does not own its scene
        self._fitted = True
        self._fit_scale = 1.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._rests)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        # A frame that moves the plate is drawn whole, for names and legend stay; a dose changes only its muscle.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing, True)

    @property
    def zoom(self) -> float:
        """The zoom; 1 fits the plate into the view."""
        return self.transform().m11() / self._fit_scale

    @property
    def pixels_of_box(self) -> QSize:
        """How many pixels the plate takes at the zoom of now."""
        return shrunk_size(self._scene.box, self.transform().m11() * self.devicePixelRatioF())

    def fit(self) -> None:
        """The whole plate."""
        box = self._scene.box
        self._fit_scale = self._scale_that_fits(box)
        self._fitted = True
        self._set_view(self._fit_scale, box.center())
        self.moved.emit()

    def zoom_to(self, rect: QRectF) -> None:
        """A part of the plate large in the middle."""
        room = 2.2
        scale = min(
            self.viewport().width() / (rect.width() * room + 1), self.viewport().height() / (rect.height() * room + 1)
        )
        self._fitted = False
        self._set_view(self._clamped(max(scale, self._fit_scale)), rect.center())
        self._moves()

    def pan_by(self, moved: QPointF) -> None:
        """Move the plate by so many screen pixels."""
        self._fitted = False
        self._set_view(self.transform().m11(), self._centre() - moved / self.transform().m11())
        self._moves()

    def show_place(self, where: QPointF) -> None:
        """Bring a place of the plate into the middle unless it is in view."""
        if not self.viewport().rect().contains(self._view_of(where).toPoint()):
            self._fitted = False
            self._set_view(self.transform().m11(), where)

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom in or out about a place of the viewport, its middle by default."""
        place = about if about is not None else QPointF(self.viewport().rect().center())
        before = self._to_scene(place)
        scale = self._clamped(self.transform().m11() * factor)
        centre_shift = (QPointF(self.viewport().rect().center()) - place) / scale
        self._fitted = False
        self._set_view(scale, before + centre_shift)
        self._moves()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        steps = event.angleDelta().y() / 120
        if steps:
            self.zoom_by(1.2**steps, event.position())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted plate stays fitted."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        else:
            self._fit_scale = self._scale_that_fits(self._scene.box)
            self._set_view(self.transform().m11(), self._centre())

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The quiet ground."""
        painter.fillRect(rect, QColor(current_theme().surface))

    def _scale_that_fits(self, box: QRectF) -> float:
        width = max(120.0, self.viewport().width() * (1 - 2 * _NAMES_BESIDE))
        height = max(120.0, self.viewport().height() - overlay.FOOT - 24.0)
        return min(width / box.width(), height / box.height())

    def _clamped(self, scale: float) -> float:
        picture = self._scene.stage.front
        finest = (picture.pixels_per_mm if picture is not None else 4.0) * MOST_SCREEN_PIXELS_PER_PIXEL
        most = min(self._fit_scale * MOST_ZOOM, max(finest / self.devicePixelRatioF(), self._fit_scale))
        return min(max(scale, self._fit_scale * LEAST_ZOOM), most)

    def _set_view(self, scale: float, centre: QPointF) -> None:
        """Any place may come to the middle: the scene rectangle is as large as the view needs."""
        transform = self.transform()
        transform.reset()
        transform.scale(scale, scale)
        half_width, half_height = self.viewport().width() / scale / 2, self.viewport().height() / scale / 2
        box = self._scene.box
        # The plate never leaves the view completely.
        x = min(max(centre.x(), box.left()), box.right())
        y = min(max(centre.y(), box.top()), box.bottom())
        if self._fitted:
            y += overlay.FOOT / 2 / scale
        self.setSceneRect(QRectF(x - half_width, y - half_height, 2 * half_width, 2 * half_height))
        self.setTransform(transform)
        self.centerOn(x, y)
        self.viewport().update()

    def _centre(self) -> QPointF:
        return self.sceneRect().center()

    def _to_scene(self, where: QPointF) -> QPointF:
        inverted, _ = self.viewportTransform().inverted()
        return inverted.map(where)

    def _view_of(self, where: QPointF) -> QPointF:
        return self.viewportTransform().map(where)

    def _moves(self) -> None:
        self._scene.stage.set_resting(False)
        self._rest.start()

    @Slot()
    def _rests(self) -> None:
        self._scene.stage.set_resting(True)
        self.moved.emit()
