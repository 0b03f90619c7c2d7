"""The looks of a mail's parts as inline styles: many mail programs drop style sheets."""

from chassis.ops.brand import Colors
from chassis.pages.brand_css import ink_on


def styles_of(colors: Colors) -> dict[str, str]:
    """Inline styles by the name of the part they dress."""
    return {
        "heading": f"margin:0 0 16px;font-size:22px;line-height:1.3;color:{colors.primary};",
        "subheading": f"margin:24px 0 8px;font-size:17px;line-height:1.3;color:{colors.primary};",
        "paragraph": "margin:0 0 16px;",
        "notice": (
            f"margin:0 0 16px;padding:12px 16px;border-left:4px solid {colors.accent};background:{colors.background};"
        ),
        "list": "margin:0 0 16px;padding-left:24px;",
        "item": "margin:0 0 6px;",
        "facts": "margin:0 0 16px;border-collapse:collapse;",
        "label": f"padding:3px 16px 3px 0;vertical-align:top;color:{colors.muted};",
        "value": "padding:3px 0;vertical-align:top;font-weight:bold;",
        "action": "margin:24px 0 12px;",
        "button": (
            f"display:inline-block;padding:12px 24px;border-radius:6px;background:{colors.primary};"
            f"color:{ink_on(colors.primary)};font-weight:bold;text-decoration:none;"
        ),
        "small": f"margin:0 0 16px;font-size:13px;color:{colors.muted};",
        "address": f"color:{colors.muted};word-break:break-all;",
        "link": f"color:{colors.primary};",
    }
