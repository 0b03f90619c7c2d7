"""What a page about one type of problem says."""

import json
from typing import Any

from gateway.apidocs.openapi import VERBS, example_of

Document = dict[str, Any]


def find(document: Document, code: str, public_url: str) -> Document | None:
    """Title, status, explanation, example and the operations that answer with it; None for an unknown code."""
    known = next((problem for problem in document["x-problems"] if problem["code"] == code), None)
    if known is None:
        return None
    example = example_of(known, known["status"], public_url)
    return known | {
        "type": example["type"],
        "example": json.dumps(example, indent=2),
        "operations": _operations(document, code),
    }


def _operations(document: Document, code: str) -> list[str]:
    return [
        f"{verb.upper()} {path}"
        for path, item in document["paths"].items()
        for verb, operation in item.items()
        if verb in VERBS and _answers(operation, code)
    ]


def _answers(operation: Document, code: str) -> bool:
    responses = operation.get("responses", {}).values()
    return any(problem["code"] == code for response in responses for problem in response.get("x-problems", []))
