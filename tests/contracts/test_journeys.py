"""What the journeys tell can be done: their requests are those of the API, their code does what it says."""

import json
import re
from datetime import UTC, datetime

import pytest

from deploy.contracts import ROOT, contract_folder
from notifications.webhooks.signing import new_secret, signature_headers

JOURNEYS = sorted((ROOT / "docs" / "journeys").glob("*.md")) + sorted((ROOT / "deploy" / "runbooks").glob("*.md"))
REQUEST = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (/api/v1/[^\s?`…]+)")
SERVICES = ("identity", "shop", "licensing", "notifications")


def documented() -> list[tuple[str, re.Pattern[str]]]:
    """Every documented operation: its method, and its path as a pattern."""
    documents = [json.loads((contract_folder(name) / "openapi.json").read_text()) for name in SERVICES]
    return [
        (method.upper(), re.compile(re.sub(r"\{[^}]+\}", r"(\\{\\w+\\}|[\\w-]+)", path) + "/?$"))
        for document in documents
        for path, operations in document["paths"].items()
        for method in operations
    ]


@pytest.mark.parametrize("path", JOURNEYS, ids=lambda path: path.stem)
def test_every_request_of_a_story_exists(path) -> None:  # type: ignore[no-untyped-def]
    known = documented()
    told = REQUEST.findall(path.read_text().replace("parked-events/{service}", "parked-events/shop"))

    unknown = [
        f"{method} {address}"
        for method, address in told
        if not any(method == verb and pattern.match(address.rstrip(":,.;")) for verb, pattern in known)
    ]

    assert unknown == []


def test_the_ten_lines_recognise_our_webhooks_and_no_others() -> None:
    page = (ROOT / "docs" / "journeys" / "partner.md").read_text()
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code is not None
    names: dict[str, object] = {}
    exec(code[1], names)  # the page's own example
    is_genuine = names["is_genuine"]
    secret, body = new_secret(), b'{"id":"1"}'
    headers = signature_headers(keys=[new_secret(), secret], event_id="1", sent_at=datetime.now(UTC), body=body)
    old = signature_headers(keys=[secret], event_id="1", sent_at=datetime(2020, 1, 1, tzinfo=UTC), body=body)

    assert is_genuine(secret, headers, body)  # type: ignore[operator]
    assert not is_genuine(secret, headers, body + b" ")  # type: ignore[operator]
    assert not is_genuine(new_secret(), headers, body)  # type: ignore[operator]
    assert not is_genuine(secret, old, body)  # type: ignore[operator]
