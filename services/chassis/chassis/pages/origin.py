"""Forms are taken from our own pages only.

Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`); clients that are none say nothing and
carry no victim's cookie. So no hidden form tokens are needed (OWASP CSRF cheat sheet, Fetch Metadata).
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from chassis.kernel.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OUR_OWN = frozenset({"same-origin", "none"})


class CrossSiteRequest(Forbidden):
    """A page of another site tried to post to ours."""

    code = "cross-site-request"
    title = "This form was sent from another website"


def origin_of(url: str) -> str:
    """Scheme, host and port of `url`, without a default port, as browsers write `Origin`."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def is_cross_site(request: Request, public_url: str) -> bool:
    """Whether an unsafe request was started by another origin.

    `Origin: null` counts as ours only when `Sec-Fetch-Site` vouches for it (pages with a no-referrer policy).
    """
    if request.method in SAFE_METHODS:
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in OUR_OWN:
        return True
    origin = request.headers.get("origin")
    if origin is None or (origin == "null" and site is not None):
        return False
    return origin != origin_of(public_url)


def check_origin(request: Request, public_url: str) -> None:
    """Refuse an unsafe request of another origin with `CrossSiteRequest`."""
    if is_cross_site(request, public_url):
        raise CrossSiteRequest()
