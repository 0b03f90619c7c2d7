"""What a person calls a browser, read from what it says about itself."""

BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
"""In this order: each of them claims to be those behind it, too."""
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def browser_name(user_agent: str | None) -> str:
    """For example "Firefox, Windows"; what nobody knows says itself what it is, and "–" stands for silence."""
    said = user_agent or ""
    parts = (_first_in(said, BROWSERS), _first_in(said, SYSTEMS))
    return ", ".join(part for part in parts if part) if parts[0] else said or "–"


def _first_in(said: str, names: dict[str, str]) -> str | None:
    return next((name for mark, name in names.items() if mark in said), None)
