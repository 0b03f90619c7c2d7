"""Writes what is made from the code: `docs/settings.md`, the examples in `deploy/env/`, the table of events."""

import inspect
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from chassis.bus.revocations import KEYS as REVOCATIONS
from chassis.ops.settings import DEVELOPMENT_SECRET, PlatformSettings
from deploy.contracts import ROOT, service_called
from deploy.env_examples import PLATFORM, example
from notifications import main as mails
from notifications.webhooks.rules import EVENT_TYPES as TOLD_TO_PARTNERS

SERVICES = ("identity", "shop", "licensing", "notifications")
SETTINGS_PAGE = ROOT / "docs" / "settings.md"
EXAMPLES = ROOT / "deploy" / "env"
MAP = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- events: written by `make docs` -->", "<!-- end of events -->"

SETTINGS_INTRODUCTION = """# Settings

Written by `make docs` from the settings classes; a test keeps it fresh. Configuration comes from the environment only.
What is not set has the default. **Secret, required**: the production profile starts with a value of your own only.
Example files with all of them: `deploy/env/`.
"""


def settings_classes() -> list[tuple[str, str, type[BaseSettings]]]:
    """Every class of settings: a title, where it is read, the class."""
    shared = ("The whole platform", "Every process reads these.", PlatformSettings)
    own = [
        (name.capitalize(), f"Read by `python -m {name}`.", service_called(name).settings)
        for name in (*SERVICES, "gateway")
    ]
    return [shared, *own]


def settings_of(settings: type[BaseSettings]) -> Iterator[tuple[str, FieldInfo]]:
    """The environment variables of a class with their fields: what only this class has comes first."""
    prefix = str(settings.model_config.get("env_prefix", ""))
    inherited = settings.__mro__[1].model_fields if hasattr(settings.__mro__[1], "model_fields") else {}
    names = sorted(settings.model_fields, key=lambda name: name in inherited)
    for name in names:
        yield f"{prefix}{name}".upper(), settings.model_fields[name]


def settings_page() -> str:
    """The reference of all settings as Markdown."""
    parts = [SETTINGS_INTRODUCTION]
    for title, where, settings in settings_classes():
        rows = [
            f"| `{variable}` | {_default(field)} | {_cell(_meaning(field))} |"
            for variable, field in settings_of(settings)
        ]
        parts.append(
            "\n".join([f"## {title}", "", where, "", "| variable | default | meaning |", "|---|---|---|", *rows])
        )
    return "\n".join(parts[:1]) + "\n" + "\n\n".join(parts[1:]) + "\n"


def example_files() -> dict[str, str]:
    """The example files of `deploy/env/` by name."""
    names = (PLATFORM, *SERVICES, "gateway")
    return {
        f"{name}.env.example": example(name, settings_of(settings))
        for name, (_, _, settings) in zip(names, settings_classes(), strict=True)
    }


def events_table() -> str:
    """Every event: when it happens, which service reacts, whether partners may hear it by webhook."""
    lines = ["| event | when | who reacts |", "|---|---|---|"]
    for publisher in SERVICES:
        for event in sorted(service_called(publisher).events, key=lambda known: known.event_type):
            when = " ".join((event.__doc__ or "").split("\n\n")[0].split())
            lines.append(f"| `{event.event_type}` | {_cell(when)} | {', '.join(_listeners(event.event_type)) or '–'} |")
    return "\n".join(lines)


def map_with_events(text: str) -> str:
    """ARCHITECTURE.md with the present table of events between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{events_table()}\n{END}{after}"


def write() -> None:
    """Replace the kept documents by those of the present code."""
    SETTINGS_PAGE.write_text(settings_page())
    for name, text in example_files().items():
        (EXAMPLES / name).write_text(text)
    MAP.write_text(map_with_events(MAP.read_text()))


def _listeners(event_type: str) -> list[str]:
    listeners = [name for name in ("identity", "shop", "licensing") if _reacts(name, event_type)]
    if any(event_type in own.by_type for own in (mails.identity, mails.shop, mails.licensing)):
        listeners.append("notifications")
    if event_type in REVOCATIONS:
        listeners.append("every process (tokens)")
    elif _reacts("gateway", event_type):
        listeners.append("gateway")
    return listeners + (["webhooks"] if event_type in TOLD_TO_PARTNERS else [])


def _reacts(name: str, event_type: str) -> bool:
    return any(event_type in reactions.by_type for reactions in service_called(name).reactions)


def _meaning(field: FieldInfo) -> str:
    text = inspect.cleandoc(field.description or "")
    choices = [str(choice) for choice in get_args(field.annotation)] if get_origin(field.annotation) is Literal else []
    named = [f"`{choice}`" for choice in choices if f"`{choice}`" not in text]
    return f"{text} One of {', '.join(f'`{choice}`' for choice in choices)}." if named else text


def _default(field: FieldInfo) -> str:
    if not field.repr:
        return "secret, required" if field.default == DEVELOPMENT_SECRET else "secret, empty"
    value: Any = field.default
    if value is None or value == "":
        return "–"
    if isinstance(value, tuple):
        return f"`{list(value)}`".replace("'", '"')
    return f"`{value}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    write()
