"""Run by the benchmark in a process of its own: prints the MB that the map adds when every plate was looked at."""

import gc
import os
import sys


def main() -> int:
    """Walk through every plate and layer, then say what that cost."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from benchmarks.measure import resident_mb
    from benchmarks.plate_window import PlateWindow
    from clinic_app.atlas.atlas import Atlas
    from clinic_app.reference import load_reference
    from clinic_app.resources import resource_path
    from clinic_app.ui.theme import Appearance, Look

    application = QApplication(sys.argv[:1])
    look = Look(application, Appearance.LIGHT)
    reference = load_reference()
    window = PlateWindow(reference)
    application.processEvents()
    gc.collect()
    before = resident_mb()
    atlas = Atlas(resource_path("atlas", "baked"))
    for summary in atlas.summaries():
        plate = atlas.plate(summary.id)
        for layer in plate.layers:
            window.plate_scene.show_layer(plate, layer, fade=False)
            window.take_wanted()
            window.fit()
            window.viewport().repaint()
            application.processEvents()
    gc.collect()
    print(f"{resident_mb() - before:.1f}")
    del look
    return 0


if __name__ == "__main__":
    sys.exit(main())
