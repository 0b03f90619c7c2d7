"""JSON answers written by hand-over of ready bytes."""

from typing import Any

import orjson
from starlette.responses import Response


class JsonResponse(Response):
    """A response whose content is written by orjson."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes of the body."""
        return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
