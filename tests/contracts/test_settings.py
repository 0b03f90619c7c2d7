"""Every setting says what it is for, in the reference and in the example files; and the example files name no other."""

import re

import pytest
from pydantic_settings import BaseSettings

from deploy.docs import (
    EXAMPLES,
    MAP,
    ROOT,
    SETTINGS_PAGE,
    example_files,
    map_with_events,
    settings_classes,
    settings_of,
    settings_page,
)

CLASSES = [(title, settings) for title, _, settings in settings_classes()]
ASSIGNMENT = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def example_of(title: str) -> str:
    """The example file of one process, or of the whole platform."""
    name = "platform" if title == "The whole platform" else title.lower()
    return (EXAMPLES / f"{name}.env.example").read_text()


@pytest.mark.parametrize(("title", "settings"), CLASSES, ids=[title for title, _ in CLASSES])
def test_every_setting_says_what_it_is_for(title: str, settings: type[BaseSettings]) -> None:
    silent = [variable for variable, field in settings_of(settings) if not (field.description or "").strip()]

    assert silent == []


def test_the_reference_is_that_of_the_code() -> None:
    assert SETTINGS_PAGE.read_text() == settings_page(), "run `make docs`"


def test_the_table_of_events_is_that_of_the_code() -> None:
    kept = MAP.read_text()

    assert kept == map_with_events(kept), "run `make docs`"


@pytest.mark.parametrize(("title", "settings"), CLASSES, ids=[title for title, _ in CLASSES])
def test_the_example_file_names_every_setting_and_no_other(title: str, settings: type[BaseSettings]) -> None:
    wanted = {variable for variable, _ in settings_of(settings)}

    named = {name for name, _ in ASSIGNMENT.findall(example_of(title))}

    # Each process has a NATS user of its own: the one shared setting that stands in the files of the processes.
    in_place = wanted - {"NATS_URL"} if title == "The whole platform" else wanted | {"NATS_URL"}
    assert named == in_place


@pytest.mark.parametrize("name", sorted(example_files()))
def test_the_example_files_are_those_of_the_code(name: str) -> None:
    assert (EXAMPLES / name).read_text() == example_files()[name], "run `make docs`"


def test_examples_hold_no_secret() -> None:
    for path in sorted(EXAMPLES.glob("*.example")):
        for name, text in ASSIGNMENT.findall(path.read_text()):
            if re.search(r"(SECRET|PASSWORD|SECRETS_KEY|API_KEY)$", name):
                assert text in ("", "GENERATE-A-SECRET"), f"{path.name}: {name}"


def test_no_environment_file_is_under_version_control_by_accident() -> None:
    assert "deploy/env/*.env" in (ROOT / ".gitignore").read_text().splitlines()
