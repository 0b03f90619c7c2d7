"""A customer's way from the old shop's export to a colleague who works: told over HTTP, as a client would live it."""

import re
from datetime import date, timedelta

import pytest

from deploy.demo.customers import CAST, LATER, TODAY, TOMORROW
from deploy.demo.export import email_of, legacy_id
from tests.harness.platform import Platform, patiently
from tests.harness.visitor import Visitor

pytestmark = pytest.mark.system

PASSWORD = "eine lange Passphrase 2026"
BERANGER, WALDMUELLER = CAST[0], CAST[1]
COLLEAGUE = "zoé.martin@waldmuller-planung.example"


def link_in(text: str, kind: str = "activate") -> str:
    """The first link of that kind in a mail's text."""
    found = re.search(rf"https?://\S+/{kind}/[\w\-.~]+", text)
    assert found, text
    return found.group(0)


def activate(platform: Platform, link: str, password: str = PASSWORD) -> Visitor:
    """Follow the link of a mail and set the password, as a person would."""
    visitor = platform.visitor()
    visitor.open(link)
    visitor.submit(having="password_confirmation", password=password, password_confirmation=password)
    return visitor


@pytest.fixture(scope="module")
def buyer(platform: Platform) -> Visitor:
    """The buyer of a customer that moved today, activated by the link in the welcome mail."""
    welcome = next(m for m in platform.mails(to=email_of(WALDMUELLER)) if m["subject"].startswith("Willkommen bei"))
    return activate(platform, link_in(welcome["text"]))


def test_each_wave_has_had_the_mails_that_are_due_each_once(platform: Platform) -> None:
    expected = {TODAY: ["Konto", "Willkommen"], TOMORROW: ["Konto", "Erinnerung"], LATER: ["Konto"]}

    def counts(wave: str) -> None:
        for customer in CAST:
            if customer.wave == wave and customer.language == "de" and not customer.trouble:
                subjects = [mail["subject"] for mail in platform.mails(to=email_of(customer))]
                for number, word in enumerate(expected[wave]):
                    hits = [s for s in subjects if word in s and (number or "Erinnerung" not in s)]
                    assert len(hits) == 1, (customer.company, subjects)
                assert len(subjects) == len(expected[wave]), (customer.company, subjects)

    for wave in (TODAY, TOMORROW, LATER):
        patiently(lambda wave=wave: counts(wave) is None)


def test_customers_who_do_not_move_get_no_mail(platform: Platform) -> None:
    for customer in CAST:
        if customer.trouble:
            assert platform.mails(to=email_of(customer)) == []


def test_the_buyer_lands_in_the_portal_and_sees_what_is_unlocked(platform: Platform, buyer: Visitor) -> None:
    assert buyer.page is not None
    assert buyer.page.status_code == 200
    assert str(buyer.page.url).rstrip("/") == platform.public_url

    tiles = {tile["id"] for tile in patiently(lambda: buyer.get("/apps").json()["items"])}
    names = {tile["name"] for tile in buyer.get("/apps").json()["items"]}
    assert len(tiles) == len(names)
    assert "Draftboard" in names
    assert "Flottenplaner" not in names


def test_transferred_licenses_show_term_quantity_and_numbers_with_one_seat_taken(buyer: Visitor) -> None:
    license = next(item for item in buyer.get("/licenses").json()["items"] if item["product"] == "DRAFT-PRO")

    assert license["quantity"] == 5
    assert (license["assigned"], license["free"]) == (1, 4)
    assert license["subscription_number"] == "SUB-2002"
    assert license["invoice_number"] == "INV-2002"
    assert license["origin"] == "transferred"


def test_a_colleague_is_invited_activates_and_works_until_deactivated(platform: Platform, buyer: Visitor) -> None:
    license = next(item for item in buyer.get("/licenses").json()["items"] if item["product"] == "DRAFT-PRO")
    answer = buyer.post(f"/licenses/{license['id']}/assignments", {"emails": f"{COLLEAGUE}; nonsense"})
    results = answer.json()["items"]
    assert [item["result"] for item in results] == ["assigned", "refused"]
    assert results[1]["code"] == "invalid_email"

    mail = patiently(lambda: platform.mails(to=results[0]["email"]))[0]
    colleague = activate(platform, link_in(mail["text"]))
    patiently(lambda: "Draftboard" in {tile["name"] for tile in colleague.get("/apps").json()["items"]})

    assignment_id = results[0]["assignment"]["id"]
    moved = buyer.send(
        "PATCH", f"/assignments/{assignment_id}", {"first_day": platform.now().date().isoformat(), "last_day": None}
    )
    assert moved.status_code == 200, moved.text
    assert buyer.post(f"/assignments/{assignment_id}/deactivate").status_code == 200
    patiently(lambda: "Draftboard" not in {tile["name"] for tile in colleague.get("/apps").json()["items"]}, within=2)


def test_the_buyer_orders_three_seats_and_holds_one(platform: Platform, buyer: Visitor) -> None:
    products = {item["code"] for item in buyer.get("/products").json()["items"]}
    assert "SITE-REPORTS" in products
    method = buyer.get("/payment-methods").json()["items"][0]
    order = {
        "lines": [{"product_code": "SITE-REPORTS", "interval": "year", "quantity": 3}],
        "payment_method_id": method["id"],
    }
    quote = buyer.post("/orders/quote", order)
    assert quote.status_code == 200, quote.text

    first = buyer.post("/orders", order, headers={"Idempotency-Key": "story-order"})
    again = buyer.post("/orders", order, headers={"Idempotency-Key": "story-order"})

    assert first.status_code == 201, first.text
    assert again.json()["id"] == first.json()["id"]
    license = patiently(lambda: [i for i in buyer.get("/licenses").json()["items"] if i["product"] == "SITE-REPORTS"])[
        0
    ]
    assert (license["quantity"], license["assigned"]) == (3, 1)
    numbers = [item["number"] for item in buyer.get("/orders").json()["items"]]
    assert first.json()["number"] in numbers
    assert "WEB-2002" in numbers
    patiently(
        lambda: any(
            first.json()["number"] in m["subject"] + m["text"] for m in platform.mails(to=email_of(WALDMUELLER))
        )
    )


def test_wish_list_archive_and_support_contact(buyer: Visitor) -> None:
    assert buyer.send("PUT", "/wishlist/DRAFT-LITE").status_code in (200, 201, 204)
    assert "DRAFT-LITE" in buyer.get("/wishlist").text
    archive = buyer.get("/legacy-orders").json()["items"]
    assert "WEB-2002" in {order["number"] for order in archive}
    contact = buyer.get("/support-contact").json()
    assert contact["email"]
    assert contact["email"] in buyer.open("/shop").text


def test_the_operator_sees_the_waves(platform: Platform) -> None:
    with platform.operator() as operator:
        waves = operator.get("/transfer-waves").json()["items"]
        moved = operator.get("/transfers", params={"wave": next(w["id"] for w in waves if w["name"] == "Today")})

    assert {wave["name"] for wave in waves} >= {"Today", "Tomorrow", "In two weeks"}
    assert {t["legacy_customer_id"] for t in moved.json()["items"]} == {
        legacy_id(n) for n, customer in enumerate(CAST, start=1) if customer.wave == TODAY
    }


def test_the_documents_are_one_browsable_api(platform: Platform) -> None:
    visitor = platform.visitor()
    document = visitor.open("/openapi.json").json()
    page = visitor.open("/docs")

    assert {"/api/v1/orders", "/api/v1/licenses", "/api/v1/messages", "/api/v1/me"} <= set(document["paths"])
    assert page.status_code == 200
    assert not re.search(r"(src|href)=\"https?://(?!localhost)", page.text)


def test_a_year_later_a_transferred_subscription_has_renewed_once(platform: Platform, buyer: Visitor) -> None:
    before = next(s for s in buyer.get("/subscriptions").json()["items"] if s["number"] == "SUB-2002")
    renewal_day = date.fromisoformat(before["next_renewal_on"])

    platform.advance(timedelta(days=(renewal_day - platform.now().date()).days + 1))

    def renewed() -> bool:
        license = next(i for i in fresh.get("/licenses").json()["items"] if i["subscription_number"] == "SUB-2002")
        return license["invoice_number"] != "INV-2002" and license["term"]["first_day"] == renewal_day.isoformat()

    fresh = platform.visitor()
    fresh.sign_in(email_of(WALDMUELLER), PASSWORD)
    patiently(renewed)
    renewals = [o for o in fresh.get("/orders").json()["items"] if o.get("kind") == "renewal"]
    assert len([o for o in renewals if "SUB-2002" in str(o)]) <= 1
    after = next(s for s in fresh.get("/subscriptions").json()["items"] if s["number"] == "SUB-2002")
    assert date.fromisoformat(after["term"]["first_day"]) == renewal_day
