"""Static files: kept for ever under a versioned address, never a path outside their folder, the brand's colours."""

import httpx
import pytest

from chassis.ops.brand import Brand, Colors
from chassis.pages.brand_css import brand_css, contrast, ink_on, readable_on


async def test_a_versioned_file_is_kept_for_ever_and_a_plain_one_asked_for(
    browser: httpx.AsyncClient,
) -> None:
    page = (await browser.get("/things/some")).text
    versioned = "/static/style.css?v=" + page.split("/static/style.css?v=")[1].split('"')[0]

    kept = await browser.get(versioned)
    plain = await browser.get("/static/style.css")
    unchanged = await browser.get("/static/style.css", headers={"If-None-Match": plain.headers["etag"]})

    assert "immutable" in kept.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
    assert unchanged.status_code == 304


@pytest.mark.parametrize("name", ["..%2f__init__.py", ".hidden.css", "nothing.css", "__init__.py", "..%5cx.css"])
async def test_nothing_else_is_served(browser: httpx.AsyncClient, name: str) -> None:
    assert (await browser.get(f"/static/{name}")).status_code == 404


async def test_the_brand_chooses_the_colours(browser: httpx.AsyncClient) -> None:
    css = (await browser.get("/static/brand.css")).text

    assert f"--brand:{Colors().primary}" in css


@pytest.mark.parametrize("color", ["#0f5c8c", "#ffd400", "#fff", "#000000", "#e2001a", "#7a7a7a"])
def test_ink_on_the_brand_colour_can_be_read(color: str) -> None:
    assert contrast(ink_on(color), color) >= 4.5


@pytest.mark.parametrize("color", ["#0f5c8c", "#ffd400", "#ffffff", "#e2001a"])
def test_links_can_be_read_by_day_and_by_night(color: str) -> None:
    assert contrast(readable_on(color, "#ffffff", towards="#000000"), "#ffffff") >= 4.5
    assert contrast(readable_on(color, "#18222b", towards="#ffffff"), "#18222b") >= 4.5


def test_a_brand_colour_cannot_carry_css() -> None:
    with pytest.raises(ValueError):
        Colors(primary="#fff;} body{display:none")

    assert brand_css(Brand()).count("{") == brand_css(Brand()).count("}")
