"""Every page in every language: it renders, it is complete, it is safe, it can be used by everybody."""

import re
from html.parser import HTMLParser

import pytest

from tests.gateway.pages.conftest import Portal
from tests.gateway.pages.services import HOSTILE

OPEN_PAGES = ("/", "/register")
PAGES = (
    *OPEN_PAGES,
    "/licenses",
    "/licenses?show=all",
    "/licenses/lic_1",
    "/licenses/lic_1?show=all&q=colleague&sort=-last_day&page=9",
    "/licenses/lic_1?seat=1&show=all",
    "/licenses/lic_3",
    "/licenses/lic_1/history",
    "/licenses/lic_1/assignments/asg_0001/change",
    "/licenses/lic_1/assignments/asg_0001/reassign",
    "/shop",
    "/shop?q=nothing-like-it",
    "/shop/wishlist",
    "/shop/checkout?product=parts-catalogue",
    "/shop/checkout?product=repair-times",
    "/account/orders",
    "/account/orders/ord_1",
    "/account/orders/ord_3",
    "/account/orders/ord_4",
    "/account/orders/legacy",
    "/account/orders/legacy/old_1",
    "/account/subscriptions",
    "/account/subscriptions/sub_1",
    "/account/subscriptions/sub_3",
    "/account/subscriptions/sub_4",
    "/account/payment-methods",
    "/account/profile",
    "/account/transfer",
    "/operator/transfers",
    "/operator/transfers/imports",
    "/operator/transfers/imports/imp_1?level=blocker",
    "/operator/transfers/imports/imp_1/changes",
    "/operator/transfers/imports/imp_2",
    "/operator/transfers/waves",
    "/operator/transfers/waves/wav_1",
    "/operator/transfers/waves/wav_2?state=failed",
    "/operator/transfers/waves/wav_3",
    "/operator/transfers/waves/wav_4",
    "/operator/transfers/waves/wav_1/check",
    "/operator/transfers/waves/wav_1/report",
    "/operator/transfers/customers",
    "/operator/transfers/customers/C10015",
    "/operator/transfers/trf_1",
    "/operator/transfers/trf_2",
    "/operator/messages",
    "/operator/messages/msg_1",
)


class Outline(HTMLParser):
    """What a page is made of, as far as accessibility is concerned."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.ids: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag == "label":
            self.labelled.add(values.get("for") or "")
        if tag in ("input", "select", "textarea") and values.get("type") != "hidden":
            self.fields.append(values)
        if values.get("id"):
            self.ids.append(values["id"] or "")
        self.inline += [name for name in values if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("locale", ["en", "fr", "de", "it"])
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_can_be_read_by_everybody_in_every_language(portal: Portal, path: str, locale: str) -> None:
    answer = await portal.browser.get(path, headers={"Accept-Language": locale})
    outline = Outline()
    outline.feed(answer.text)

    assert answer.status_code == 200
    assert f'<html lang="{locale}">' in answer.text
    assert outline.headings.count("h1") == 1
    assert all(field.get("id") in outline.labelled for field in outline.fields)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.inline == []


@pytest.mark.parametrize("path", PAGES)
async def test_what_services_say_is_never_markup(portal: Portal, path: str) -> None:
    text = (await portal.browser.get(path)).text

    assert HOSTILE not in text
    assert 'href="javascript:' not in text


@pytest.mark.parametrize("path", [path for path in PAGES if path not in OPEN_PAGES])
async def test_a_stranger_is_sent_to_sign_in_and_comes_back(portal: Portal, path: str) -> None:
    portal.sign_out()

    answer = await portal.browser.get(path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/bff/login?return_to=%2F")


async def test_a_visitor_who_is_not_signed_in_finds_the_door(portal: Portal) -> None:
    portal.sign_out()

    answer = await portal.browser.get("/")

    assert answer.status_code == 200
    assert 'href="/bff/login?return_to=%2F"' in answer.text
