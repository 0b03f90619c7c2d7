"""The documents stay true: links lead somewhere, commands and files exist, the index of decisions is complete."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT_OUT = {".venv", "var", ".git", ".pytest_cache", "node_modules", ".hypothesis"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
LONGEST_README, LONGEST_SERVICE_README = 90, 75


def documents() -> Iterator[Path]:
    """Every Markdown file of the repository."""
    for path in sorted(ROOT.rglob("*.md")):
        if not LEFT_OUT & set(path.relative_to(ROOT).parts):
            yield path


DOCUMENTS = list(documents())
EACH = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def heading_ids(path: Path) -> set[str]:
    """The anchors of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@EACH
def test_links_lead_somewhere(path: Path) -> None:
    lost = []
    for target in LINK.findall(path.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        address, _, anchor = target.partition("#")
        file = (path.parent / address) if address else path
        if not file.exists() or (anchor and anchor not in heading_ids(file)):
            lost.append(target)

    assert lost == []


@EACH
def test_commands_exist(path: Path) -> None:
    """`make x` is a target, `python -m x` a module."""
    text = path.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    wanted = {word for line in re.findall(r"(?:`|^)make ([a-z -]+)", text, re.MULTILINE) for word in line.split()}
    modules = re.findall(r"python -m ([a-z_]+(?:\.[a-z_]+)*)", text)

    assert wanted - targets == set()
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


@EACH
def test_files_that_are_named_exist(path: Path) -> None:
    """What stands in backticks and begins with a folder of the repository is there; `…`, `*`, `<` and `{` stand for more."""
    named = re.findall(r"`((?:services|gateway|deploy|tests|docs)/[^`\s]*)`", path.read_text())
    bases = (ROOT, path.parent)

    lost = [
        name
        for name in named
        if not re.search(r"[…*<{]|NNNN", name)
        and not any((base / name.partition("::")[0].rstrip("/")).exists() for base in bases)
    ]

    assert lost == [] or path.name == "CONTRIBUTING.md"


def test_decisions_are_numbered_without_gaps_and_all_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    index = (folder / "README.md").read_text()

    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    for name in files:
        title = re.match(r"# (\d+)\. (.+)", (folder / name).read_text())
        assert title is not None, name
        assert int(title[1]) == int(name[:4]), name
        assert f"| [{name[:4]}]({name}) | {title[2]} |" in index, f"{name} is not in the index under its title"


def test_decisions_say_context_and_decision() -> None:
    for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")):
        text = path.read_text()
        assert "**Context.**" in text, path.name
        assert "**Decision.**" in text, path.name
        assert len(text.splitlines()) <= 60, f"{path.name} is more than a page"


def test_the_readme_is_short_and_each_service_has_one_screen() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= LONGEST_README
    for path in [*ROOT.glob("services/*/README.md"), ROOT / "gateway" / "README.md"]:
        assert len(path.read_text().splitlines()) <= LONGEST_SERVICE_README, path


def test_service_readmes_answer_the_same_questions() -> None:
    for name in ("identity", "shop", "licensing", "notifications"):
        text = (ROOT / "services" / name / "README.md").read_text()
        for question in ("owns", "**publishes**", "**reacts to**", "alone", "## when it is ill"):
            assert question in text.lower(), f"{name}: {question}"


def test_nothing_is_left_over() -> None:
    """No name of a template, of another project, or of something that was meant to be done later."""
    words = ("lorem " + "ipsum", "TO" + "DO", "FIX" + "ME", "X" + "XX")
    found = [f"{path.relative_to(ROOT)}: {word}" for path in DOCUMENTS for word in words if word in path.read_text()]

    assert found == []
