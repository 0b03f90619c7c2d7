"""`/`: the App Portal. A tile for everything unlocked for this person, and for no other."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import Response

from chassis.kernel.clock import day_of
from chassis.kernel.errors import Unauthenticated
from gateway.pages.refusals import Refusal
from gateway.pages.visit import Glance, MaybeHere, PortalSite, Visit, items_of, portal_router

router = portal_router()

SOON = timedelta(days=30)


@router.get("/")
async def show_portal(request: Request, site: PortalSite, visit: MaybeHere) -> Response:
    """The visitor's tiles, or a friendly door for whoever is not signed in."""
    if visit is None:
        return site.page(request, "portal/welcome.html")
    try:
        zone = await visit.time_zone()
        return await visit.page("portal/home.html", groups=await _groups(visit, zone), zone=zone)
    except Unauthenticated:
        return site.page(
            request, "portal/welcome.html", person=None, navigation=(), organizations=(), organization=None
        )


@router.get("/portal/tiles")
async def show_tiles(visit: Glance, zone: str = "UTC") -> Response:
    """The tiles alone: the page asks for them when it is told of a change, and now and then."""
    groups = await _groups(visit, known_zone(zone))
    return visit.site.fragment(visit.request, "portal/tiles.html", groups=groups)


async def _groups(visit: Visit, zone: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """The tiles by group: the vendor's applications first, then what belongs to the account."""
    try:
        tiles = items_of(await visit.get("/apps", limit=200))
    except Refusal as refusal:
        if refusal.status != 403:
            raise
        tiles = []
    today = day_of(visit.clock.now(), zone)
    tiles = [
        {**tile, "last_day": _end_to_mention(tile, today, zone)} for tile in tiles if is_openable(tile["launch_url"])
    ]
    products = [tile for tile in tiles if not tile["launch_url"].startswith("/")]
    own = [tile for tile in tiles if tile["launch_url"].startswith("/")]
    return [(heading, found) for heading, found in (("products", products), ("own", own)) if found]


def _end_to_mention(tile: dict[str, Any], today: date, time_zone: str) -> date | None:
    """The last day, where it is worth telling: what renews by itself does not end soon."""
    ends_on = last_day(tile.get("valid_until"), time_zone)
    if ends_on is None or (tile.get("reason") == "assigned" and ends_on - today > SOON):
        return None
    return ends_on


def is_openable(url: str) -> bool:
    """Whether a link may lead there: a path of ours or a web address, nothing that runs."""
    return url.startswith(("https://", "http://")) or (url.startswith("/") and not url.startswith("//"))


def last_day(valid_until: str | None, time_zone: str) -> date | None:
    """The last day of an entitlement whose end is the instant at which it no longer holds."""
    if not valid_until:
        return None
    return day_of(datetime.fromisoformat(valid_until) - timedelta(seconds=1), time_zone)


def known_zone(name: str) -> str:
    """`name` if it is a time zone, else UTC."""
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):
        return "UTC"
