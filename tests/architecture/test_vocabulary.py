"""House rules that a linter does not know."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("services/chassis/chassis", "services/identity/identity", "services/shop/shop")
PACKAGES += ("services/licensing/licensing", "services/notifications/notifications", "gateway/gateway")
LONGEST_FILE = 330


def modules() -> Iterator[Path]:
    """Every module of the product."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def calls_in(path: Path) -> Iterator[ast.Call]:
    """Every call in a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield node


def test_only_the_chassis_commits() -> None:
    offenders = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in modules()
        if "chassis/db" not in str(path)
        for call in calls_in(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]
    assert offenders == []


def test_only_the_relay_publishes_events() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in modules()
        if "chassis/bus" not in str(path) and ".js.publish" in path.read_text()
    ]
    assert offenders == []


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_stand_at_the_top(package: str) -> None:
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert offenders == []


def test_files_can_be_read_in_one_sitting() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {length}"
        for path in modules()
        if (length := len(path.read_text().splitlines())) > LONGEST_FILE and "migrations" not in path.parts
    ]
    assert long == []


def test_every_module_and_public_function_says_what_it_is_for() -> None:
    silent = []
    for path in modules():
        tree = ast.parse(path.read_text())
        if path.name != "__init__.py" and "migrations" not in path.parts and not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        silent += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []


def test_the_repository_names_no_package_host_and_no_machine() -> None:
    words = (
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry" + ".npmjs" + ".org",
        "deb" + ".debian" + ".org",
        "/wor" + "k/",
    )
    offenders = [
        f"{path.relative_to(ROOT)}: {word}"
        for pattern in ("*.md", "*.py", "*.toml", "*.lock", "*.in", "*.yaml", "Makefile", "*.sh")
        for path in ROOT.rglob(pattern)
        if not {".venv", "var", ".git"} & set(path.relative_to(ROOT).parts)
        for word in words
        if word in path.read_text(errors="replace")
    ]
    assert offenders == []
