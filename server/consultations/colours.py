"""Colours: whether a source's accent can be seen on the booth's paper, in both themes.

Contrast is WCAG's: relative luminance of sRGB, (lighter + 0.05) / (darker + 0.05).
"""

from server.consultations.records import Wrong

# As in widget/booth.css, and a test says so.
PAPER = {"light": "#fffefb", "dark": "#17181a"}
KEPT = 0.6  # how much of an accent the dark theme keeps; the rest is white
ENOUGH = 3.0  # WCAG 1.4.11, for what is drawn

Triple = tuple[float, float, float]

# Björn Ottosson's Oklab, in which the style sheet mixes: linear sRGB to cones, cones to Lab.
TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
FROM_LAB = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
FROM_CONES = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
WHITE: Triple = (1.0, 0.0, 0.0)


def demand_visible(accent: str) -> str:
    """Return an accent (`#rrggbb`) that both themes show; raise `Wrong`, and name one, if not."""
    poor = [theme for theme in PAPER if shown_contrast(accent, theme) < ENOUGH]
    if not poor:
        return accent
    ratio = f"{int(shown_contrast(accent, poor[0]) * 10) / 10:g}"
    raise Wrong(
        f"is too {'pale' if poor[0] == 'light' else 'dark'}: “{accent}” has a contrast of "
        f"{ratio}:1 on the paper of the {poor[0]} theme, and 3:1 is needed. "
        f"“{nearest_visible(accent)}” has it."
    )


def shown_contrast(accent: str, theme: str) -> float:
    """Return the contrast of an accent, as a theme draws it, with that theme's paper."""
    drawn = _linear(accent) if theme == "light" else _mixed(accent)
    return _ratio(_luminance(drawn), luminance(PAPER[theme]))


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, from 0 to 1."""
    return _luminance(_linear(colour))


def nearest_visible(accent: str) -> str:
    """Return the same hue, only as much darker or lighter as both papers ask for."""
    lightness, a, b = _to_lab(_linear(accent))
    for step in range(1, 101):
        for towards in (-step, step):
            shade = max(0.0, min(1.0, lightness + towards / 100))
            # Without less colour the darkest and the palest shades would not exist on a screen.
            kept = 1 - step / 100
            found = _written(_from_lab((shade, a * kept, b * kept)))
            if all(shown_contrast(found, theme) >= ENOUGH for theme in PAPER):
                return found
    raise AssertionError("A middle grey can be seen on both papers.")


def _mixed(accent: str) -> Triple:
    own = _to_lab(_linear(accent))
    lightness, a, b = (KEPT * x + (1 - KEPT) * y for x, y in zip(own, WHITE, strict=True))
    return _from_lab((lightness, a, b))


def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _expand(red), _expand(green), _expand(blue)


def _expand(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _written(linear: Triple) -> str:
    return "#" + "".join(f"{round(255 * _compress(part)):02x}" for part in linear)


def _compress(part: float) -> float:
    within = min(1.0, max(0.0, part))
    return within * 12.92 if within <= 0.0031308 else 1.055 * within ** (1 / 2.4) - 0.055


def _luminance(linear: Triple) -> float:
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _to_lab(linear: Triple) -> Triple:
    long, medium, short = (part ** (1 / 3) for part in _times(TO_CONES, linear))
    return _times(TO_LAB, (long, medium, short))


def _from_lab(lab: Triple) -> Triple:
    long, medium, short = (part**3 for part in _times(FROM_LAB, lab))
    red, green, blue = _times(FROM_CONES, (long, medium, short))
    return max(0.0, red), max(0.0, green), max(0.0, blue)


def _times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    one, two, three = (sum(x * y for x, y in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three
