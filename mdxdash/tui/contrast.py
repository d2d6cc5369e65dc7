"""How well a colour can be read on another one (WCAG 2.1, contrast ratio)."""

from textual.color import Color

_STEP = 0.04
"""The part of the way to white or black by which a colour is moved at a time."""


def contrast_ratio(first: Color, second: Color) -> float:
    """Returns the contrast of two opaque colours, from 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: Color, backgrounds: list[Color], least: float) -> Color:
    """Returns a colour that has a contrast of at least `least` on each of the backgrounds: the same
    if it has, else the nearest on the way to white or to black."""
    if _worst(colour, backgrounds) >= least:
        return colour
    ways = [
        colour.blend(end, min(1.0, step * _STEP), alpha=1.0)
        for step in range(1, int(1 / _STEP) + 2)
        for end in (Color(255, 255, 255), Color(0, 0, 0))
    ]
    found = (each for each in ways if _worst(each, backgrounds) >= least)
    return next(found, max(ways, key=lambda each: _worst(each, backgrounds)))


def _worst(colour: Color, backgrounds: list[Color]) -> float:
    return min(contrast_ratio(colour, each) for each in backgrounds)


def _luminance(colour: Color) -> float:
    red, green, blue = (_linear(each / 255) for each in (colour.r, colour.g, colour.b))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
