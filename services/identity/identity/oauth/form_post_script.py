"""The script of the form post page: it submits the one form there is."""

from starlette.requests import Request
from starlette.responses import Response

SCRIPT = b'document.querySelector("form[data-submit-now]").submit();\n'


async def form_post_script(request: Request) -> Response:
    """A file of its own, because no page runs inline scripts."""
    headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(SCRIPT, media_type="text/javascript", headers=headers)
