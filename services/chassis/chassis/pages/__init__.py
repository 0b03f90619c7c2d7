"""The kit for server-rendered pages: one look, four languages, no inline script, no script needed.

A router of pages reads like this:

    router = page_router("identity")        # refusals become pages, forms of other sites are refused
    IdentitySite = Annotated[Site, site_of("identity")]

    @router.get("/login")
    async def show_login(request: Request, site: IdentitySite) -> Response:
        return site.page(request, "login.html", email="")

    @router.post("/login")
    async def sign_in(request: Request, site: IdentitySite) -> Response:
        ...
        errors = {"email": site.t("login.unknown")}
        return site.page(request, "login.html", status=422, email=email, errors=errors)
        return site.redirect(request, "/", flash="login.welcome", name=name)    # 303, said once

Templates live in `<package>/templates/`. Translations live in `<package>/translations/{en,fr,de,it}.toml`
or, when those grow, in `<package>/translations/{locale}/*.toml`. TOML tables become dotted keys: `[login]
title = "…"` is `t("login.title")`. `{name}` is filled in from keyword arguments; a table with `one` and
`other` is chosen by `count=`. Keys ending in `_html` may hold markup; what is filled into them is escaped.
A missing key is an error outside production. The kit's own keys start with `kit.`; `problem.<code>` is what
people read about a problem.

`Site`
    page(request, template, *, status=200, form_action=(), **context) -> HTMLResponse
        `form_action` names further origins this page's forms may lead to through redirects: browsers apply
        the policy to the redirects after a POST too, so OAuth pages name the client's redirect origin.
        What the layout understands: `person` ({"name", "email"}: shows the sign-out button), `navigation`
        (`Link`s), `organizations` and `organization` ({"id", "name"}: the switch), `errors` ({field: text}).
        `request.state.page_context = {…}` says it once for every page of a request, error pages included.
    fragment(request, template, **context)          a piece of a page, for scripts that refresh it
    redirect(request, location, *, flash="", kind="success", **values)    303, and a sentence on the next page
    error(request, status, *, code="", detail="")   a whole page for people
    t(key, **values)                                the sentence in the locale of the request being answered
    sentence_of(code, detail)                       `problem.<code>` translated, else the given detail

Templates `{% extends "layout.html" %}` (blocks `title`, `head`, `account`, `navigation`, `content`) and
`{% import "forms.html" as forms %}`: `forms.field(name, label, …)`, `date`, `textarea`, `select`, `checkbox`,
`choices`, `hidden`, `submit`, `summary(errors)`. Always at hand: `t`, `brand`, `locale`, `path`, `url`,
`static("name.css")`, `query(**changes)` (the present address with other parameters). Filters: `day`,
`instant`, `money`, `number`, `localized` (picks from {"en": …, "fr": …}).

Locale: `?lang=` (kept in the cookie `lang`), then the cookie, then Accept-Language, then English.
`static_router("gateway")` serves `/static/…`; the gateway mounts it, and a service run alone may too.
"""

from chassis.pages.locales import LOCALES
from chassis.pages.origin import CrossSiteRequest, check_origin
from chassis.pages.routes import page_router, site_of
from chassis.pages.site import Link, Site
from chassis.pages.static import static_router
from chassis.pages.translations import MissingTranslation, Translations

__all__ = [
    "LOCALES",
    "CrossSiteRequest",
    "Link",
    "MissingTranslation",
    "Site",
    "Translations",
    "check_origin",
    "page_router",
    "site_of",
    "static_router",
]
