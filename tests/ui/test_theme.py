import itertools
from dataclasses import fields
from pathlib import Path

import pymupdf_fonts
import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from clinic_app.resources import resource_path
from clinic_app.terms import Severity
from clinic_app.ui.style_sheet import style_sheet
from clinic_app.ui.theme import DARK, LIGHT, Appearance, Look, base_font, current_theme, palette_of
from clinic_app.ui.tokens import TYPE_COLOURS, Level, Theme, contrast, type_colour

both = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


@both
def test_text_is_readable_on_every_ground(theme: Theme) -> None:
    grounds = ["window", "surface", "sunken", "floating", "hover", "accent_soft"]
    pairs = [(text, ground) for text in ("text", "muted") for ground in grounds]
    pairs += [("accent", "surface"), ("accent", "window"), ("accent", "accent_soft"), ("stop", "surface")]
    pairs += [("stop", "window"), ("on_accent", "accent"), ("on_accent", "accent_hover"), ("text", "info_soft")]
    for name in ("stop", "warn", "info"):
        pairs += [(name, f"{name}_soft"), ("text", f"{name}_soft"), (f"on_{name}", name), (name, "surface")]
    for severity in Severity:
        color, soft = theme.severity(severity)
        assert contrast(color, soft) >= 4.5, severity
    poor = [(a, b) for a, b in pairs if contrast(getattr(theme, a), getattr(theme, b)) < 4.5]
    assert poor == []


@both
def test_controls_and_shapes_stand_out_from_their_ground(theme: Theme) -> None:
    for ground in (theme.window, theme.surface, theme.floating):
        for name in ("control_border", "accent", "stop", "warn", "info"):
            assert contrast(getattr(theme, name), ground) >= 3, (name, ground)
    for level in Level:
        color, ink, soft = theme.level(level)
        assert contrast(color, soft) >= 3
        assert contrast(color, ink) >= 3


@both
def test_the_colours_of_kinds_stand_out_on_every_ground_of_the_calendar_and_from_each_other(theme: Theme) -> None:
    grounds = [theme.surface, theme.window, theme.sunken, theme.hover, theme.floating]
    grounds += [theme.accent_soft, theme.warn_soft, theme.info_soft, theme.stop_soft]
    for key in TYPE_COLOURS:
        poor = [ground for ground in grounds if contrast(type_colour(key, theme), ground) < 3]
        assert poor == [], key
        assert contrast(type_colour(key, theme), theme.surface) >= 4.5, "its name is written in it"
        assert len(key) <= 16, "the record keeps sixteen letters"
    hues = sorted(QColor(type_colour(key, theme)).hslHue() for key in TYPE_COLOURS if key != "grey")
    assert all(later - earlier >= 20 for earlier, later in itertools.pairwise(hues))
    assert type_colour("", theme) == type_colour("no such colour", theme) == ""


@both
def test_every_colour_is_a_colour(theme: Theme) -> None:
    for field in fields(theme):
        value = getattr(theme, field.name)
        assert field.name == "dark" or QColor.isValidColorName(value), field.name


@both
def test_the_palette_tells_which_theme_it_is(theme: Theme) -> None:
    palette = palette_of(theme)
    assert (palette.color(QPalette.ColorRole.Window).lightness() < 128) is theme.dark


@both
def test_the_style_sheet_uses_only_files_that_ship(theme: Theme) -> None:
    names = [part.split('"')[0] for part in style_sheet(theme).split('url("')[1:]]
    assert names
    assert all(Path(name).is_file() for name in names)


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_switching_tells_once_and_changes_the_palette(look: Look) -> None:
    told: list[Theme] = []
    look.changed.connect(told.append)
    look.set_appearance(Appearance.DARK)
    look.set_appearance(Appearance.DARK)
    assert current_theme() is DARK
    look.set_appearance(Appearance.LIGHT)
    assert current_theme() is LIGHT
    assert told == [DARK, LIGHT]


def test_the_shipped_font_is_in_use_and_its_digits_have_one_width(look: Look, qapp: QApplication) -> None:
    assert QFontInfo(base_font()).family() == "Noto Sans"
    bold = base_font()
    bold.setWeight(QFont.Weight.DemiBold)
    for font in (base_font(), bold):
        metrics = QFontMetricsF(font)
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("NotoSans-Regular.ttf", "notos"),
        ("NotoSans-Bold.ttf", "notosbo"),
        ("NotoSans-Italic.ttf", "notosit"),
        ("FiraGO-Regular.ttf", "figo"),
        ("FiraGO-Bold.ttf", "figbo"),
    ],
)
def test_the_screen_is_written_in_the_same_font_as_the_papers(file: str, name: str) -> None:
    assert resource_path("fonts", file).read_bytes() == pymupdf_fonts.myfont(name)
