"""Calls that a browser authenticates by cookie must come from our own pages (OWASP CSRF cheat sheet)."""

from chassis.kernel.errors import Forbidden
from chassis.pages.origin import OUR_OWN, SAFE_METHODS, CrossSiteRequest


class CsrfHeaderMissing(Forbidden):
    """A call that changes something, authenticated by the session cookie, did not carry `X-CSRF: 1`."""

    code = "csrf-header-missing"
    title = "The header X-CSRF is missing"


def check_call(method: str, *, csrf: str | None, site: str | None, origin: str | None, own_origin: str) -> None:
    """Refuse a cookie-authenticated API call that another site may have started.

    A form or an image of another site cannot set `X-CSRF`; a script of another site would have to ask first, and is
    not answered. `site` and `origin` are what browsers say about where a call comes from; other clients say nothing.
    """
    if method in SAFE_METHODS:
        if site == "cross-site":
            raise CrossSiteRequest("This address cannot be called from another website.")
        return
    if csrf != "1":
        raise CsrfHeaderMissing("Send the header `X-CSRF: 1` with calls that change something.")
    if site is not None and site not in OUR_OWN:
        raise CrossSiteRequest("This address cannot be called from another website.")
    if origin is not None and origin != own_origin:
        raise CrossSiteRequest("This address cannot be called from another website.")
