"""The brand's colours as CSS variables: an own file, because the pages' policy forbids inline styles."""

from chassis.ops.brand import Brand

LIGHT_INK, DARK_INK = "#ffffff", "#000000"
DARK_SURFACE = "#18222b"
READABLE = 4.5


def brand_css(brand: Brand) -> str:
    """The variables `style.css` paints with; by night the brand's colour is lightened until it reads well."""
    colors = brand.colors
    day = {
        "brand": colors.primary,
        "on-brand": ink_on(colors.primary),
        "link": readable_on(colors.primary, colors.surface, towards="#000000"),
        "accent": colors.accent,
        "on-accent": ink_on(colors.accent),
        "background": colors.background,
        "surface": colors.surface,
        "text": colors.text,
        "muted": colors.muted,
    }
    night = {"link": readable_on(colors.primary, DARK_SURFACE, towards="#ffffff")}
    return f":root{{{_declared(day)}}}\n@media (prefers-color-scheme:dark){{:root{{{_declared(night)}}}}}\n"


def ink_on(color: str) -> str:
    """Light or dark ink, whichever reads better on `color`."""
    return max(LIGHT_INK, DARK_INK, key=lambda ink: contrast(ink, color))


def readable_on(color: str, ground: str, *, towards: str) -> str:
    """`color`, moved `towards` black or white until text in it reaches 4.5:1 on `ground` (WCAG 1.4.3)."""
    mixes = (_mix(color, towards, step / 20) for step in range(21))
    return next((mix for mix in mixes if contrast(mix, ground) >= READABLE), towards)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """The relative luminance of a hex colour (WCAG 2.2)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(color: str) -> list[int]:
    digits = color.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return [int(digits[place : place + 2], 16) for place in (0, 2, 4)]


def _mix(color: str, other: str, share: float) -> str:
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _declared(values: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())
