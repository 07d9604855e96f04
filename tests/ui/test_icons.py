import gc

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage

from clinic_app.resources import resource_path
from clinic_app.ui.icons import LEVEL_ICONS, icon, pixmap
from clinic_app.ui.theme import DARK, LIGHT, Appearance, Look


def test_every_shipped_icon_draws_something(look: Look) -> None:
    for path in resource_path("icons").glob("*.svg"):
        image = pixmap(path.stem, "#FF0000", 20).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(20) for y in range(20)), path.stem


def test_an_icon_takes_the_colour_of_the_palette_of_the_moment(look: Look) -> None:
    users = icon("users")
    light = _colors(users.pixmap(QSize(20, 20)).toImage())
    look.set_appearance(Appearance.DARK)
    dark = _colors(users.pixmap(QSize(20, 20)).toImage())
    assert (light, dark) == ({LIGHT.text.lower()}, {DARK.text.lower()})


def test_a_disabled_icon_is_paler(look: Look) -> None:
    shown = _colors(icon("printer", "#FF0000").pixmap(QSize(20, 20), QIcon.Mode.Disabled).toImage())
    assert shown == {LIGHT.disabled.lower()}


def test_at_scale_two_an_icon_has_twice_the_pixels_each_way(look: Look) -> None:
    picture = icon("calendar").pixmap(QSize(20, 20), 2.0)
    assert (picture.width(), picture.height(), picture.devicePixelRatio()) == (40, 40, 2.0)


def test_a_filled_shape_has_its_mark_in_the_ink(look: Look) -> None:
    for name in ("stop-filled", "warn-filled", "info-filled"):
        shown = _colors(pixmap(name, "#FF0000", 64, ink="#0000FF").toImage())
        assert {"#ff0000", "#0000ff"} <= shown, name
    assert len(set(LEVEL_ICONS.values())) == len(LEVEL_ICONS)


def test_an_icon_outlives_the_python_objects_it_was_made_from(look: Look) -> None:
    copies = [QIcon(icon("bell")) for _ in range(50)]
    gc.collect()
    assert not any(copy.pixmap(QSize(16, 16)).isNull() for copy in copies)


def test_an_unknown_name_is_told_at_once(look: Look) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def _colors(image: QImage) -> set[str]:
    """The colours of the pixels that are fully painted."""
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            color: QColor = image.pixelColor(x, y)
            if color.alpha() == 255:
                found.add(color.name())
    return found
