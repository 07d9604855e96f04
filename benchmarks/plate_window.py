"""The map's view on its own, without the program around it."""

from pathlib import Path

from clinic_app.reference.catalogue import Reference
from clinic_app.ui.muscle_map.pictures import ReadPicture, read_picture
from clinic_app.ui.muscle_map.plate_scene import PlateScene
from clinic_app.ui.muscle_map.plate_view import PlateView

WIDTH, HEIGHT = 1400, 900


class PlateWindow(PlateView):
    """A shown view that keeps note of the pictures it wants, which in the program another thread reads."""

    def __init__(self, reference: Reference) -> None:
        super().__init__(PlateScene(reference))
        self._wanted: list[Path] = []
        self.plate_scene.stage.picture_wanted.connect(self._wanted.append)
        self.resize(WIDTH, HEIGHT)
        self.show()

    def read_wanted(self) -> list[ReadPicture]:
        """Read them now."""
        read = [read_picture(path, self.pixels_of_box) for path in self._wanted]
        self._wanted.clear()
        return read

    def take_wanted(self) -> None:
        """Read them now and show them."""
        for picture in self.read_wanted():
            self.plate_scene.stage.take(picture)
