"""Forms: what is sent to the services, once, and what the page says afterwards."""

import pytest

from tests.gateway.pages.conftest import Portal
from tests.gateway.pages.desk import UNDER_WAY
from tests.gateway.pages.services import HOSTILE, PREVIEW, refusal, seats_in_use

SEATS = "/licenses/lic_1/assignments"


async def test_a_new_user_gets_a_seat_as_long_as_the_license(portal: Portal) -> None:
    portal.services.posts[SEATS] = {
        "items": [
            {"input": "new@muster.example", "email": "new@muster.example", "result": "assigned", "code": None},
            {"input": HOSTILE, "email": None, "result": "refused", "code": "invalid_email"},
        ]
    }
    form = {
        "emails": f"new@muster.example; {HOSTILE}",
        "first_day": "2026-11-25",
        "last_day": "2027-10-31",
        "notify": "yes",
        "idempotency_key": "once",
    }

    answer = await portal.browser.post(SEATS, data=form)

    body = {"emails": form["emails"], "notify": True, "first_day": "2026-11-25"}
    assert ("POST", SEATS, body, "once") in portal.services.told
    assert "1 seat was assigned" in answer.text
    assert "This is not an e-mail address." in answer.text
    assert HOSTILE not in answer.text


async def test_an_earlier_end_is_kept(portal: Portal) -> None:
    portal.services.posts[SEATS] = {"items": []}

    await portal.browser.post(SEATS, data={"emails": "a@b.example", "last_day": "2027-01-31"})

    assert portal.services.told[-1][2]["last_day"] == "2027-01-31"


async def test_no_address_is_said_before_anybody_is_asked(portal: Portal) -> None:
    answer = await portal.browser.post(SEATS, data={"emails": " "})

    assert answer.status_code == 422
    assert "Enter at least one e-mail address." in answer.text
    assert portal.services.told == []


@pytest.mark.parametrize(
    ("verb", "form", "told", "said"),
    [
        ("deactivate", {}, ("POST", "/assignments/asg_0001/deactivate", None), "no longer has access"),
        ("resend-invitation", {}, ("POST", "/assignments/asg_0001/resend-invitation", None), "sent to"),
        (
            "change",
            {"first_day": "2027-01-01", "last_day": ""},
            ("PATCH", "/assignments/asg_0001", {"first_day": "2027-01-01", "last_day": None}),
            "were changed",
        ),
        (
            "reassign",
            {"new_email": "b@c.example"},
            ("POST", "/assignments/asg_0001/reassign", {"email": "b@c.example"}),
            "now belongs to",
        ),
    ],
)
async def test_what_is_done_about_a_holder_is_told_and_said(
    portal: Portal, verb: str, form: dict[str, str], told: tuple[str, str, object], said: str
) -> None:
    moved = await portal.browser.post(f"{SEATS}/asg_0001/{verb}", data={"email": "a@b.example", **form})
    answer = await portal.browser.get(moved.headers["location"])

    assert moved.status_code == 303
    assert told in [call[:3] for call in portal.services.told]
    assert said in answer.text


async def test_an_order_is_placed_once_and_shown(portal: Portal) -> None:
    portal.services.posts["/orders"] = {"id": "ord_1", "number": "B-9"}
    form = {
        "product": "parts-catalogue",
        "interval": "year",
        "quantity": "5",
        "payment_method_id": "pay_1",
        "purchase_order_number": "PO-1",
        "idempotency_key": "key-1",
        "do": "order",
    }

    moved = await portal.browser.post("/shop/checkout", data=form)

    line = {"product_code": "parts-catalogue", "interval": "year", "quantity": 5}
    body = {"lines": [line], "payment_method_id": "pay_1", "purchase_order_number": "PO-1"}
    assert moved.headers["location"] == "/account/orders/ord_1"
    assert portal.services.told[-1] == ("POST", "/orders", body, "key-1")


@pytest.mark.parametrize(
    ("code", "status", "keeps_its_key"),
    [
        ("idempotency-key-in-use", 409, True),
        ("idempotency-answer-lost", 409, True),
        ("payment-declined", 402, False),
    ],
)
async def test_a_form_that_is_being_worked_on_can_never_become_a_second_order(
    portal: Portal, code: str, status: int, *, keeps_its_key: bool
) -> None:
    """Shown again with another key, pressing the button once more would be charged once more."""
    portal.services.refusals["POST", "/orders"] = refusal(code, status)
    form = {"product": "parts-catalogue", "interval": "year", "quantity": "5", "payment_method_id": "pay_1"}

    answer = await portal.browser.post("/shop/checkout", data={**form, "idempotency_key": "key-1", "do": "order"})

    assert answer.status_code == status
    assert ('name="idempotency_key" value="key-1"' in answer.text) is keeps_its_key


async def test_a_declined_payment_leaves_the_form_as_it_was(portal: Portal) -> None:
    portal.services.refusals["POST", "/orders"] = refusal("payment-declined", 402)
    form = {
        "product": "parts-catalogue",
        "interval": "year",
        "quantity": "5",
        "payment_method_id": "pay_2",
        "do": "order",
    }

    answer = await portal.browser.post("/shop/checkout", data=form, headers={"Accept-Language": "fr"})

    assert answer.status_code == 402
    assert "Le paiement a été refusé." in answer.text
    assert 'value="5"' in answer.text


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "many", "100001"])
async def test_a_quantity_that_is_none_is_said_beside_the_field(portal: Portal, quantity: str) -> None:
    form = {"product": "parts-catalogue", "quantity": quantity, "payment_method_id": "pay_1", "do": "order"}

    answer = await portal.browser.post("/shop/checkout", data=form)

    assert answer.status_code == 422
    assert "whole number from 1 to 100000" in answer.text


CHANGE_QUANTITY = "/account/subscriptions/sub_1/change-quantity"
PREVIEW_CHANGE = "/subscriptions/sub_1/preview-change"


async def test_a_smaller_quantity_shows_what_changes_and_who_could_give_up_a_seat(portal: Portal) -> None:
    portal.services.refusals["POST", PREVIEW_CHANGE] = seats_in_use(preview=PREVIEW)

    answer = await portal.browser.post(CHANGE_QUANTITY, data={"quantity": "1", "do": "preview"})

    assert answer.status_code == 200
    assert "€4,750.48" in answer.text
    assert "Which seats do you give up?" in answer.text
    assert "4 seats fewer, 3 of them are free now." in answer.text
    assert 'name="release" value="asg_0001"' in answer.text
    assert "as long as the license" in answer.text


async def test_a_smaller_quantity_that_leaves_everybody_a_seat_asks_nothing(portal: Portal) -> None:
    answer = await portal.browser.post(CHANGE_QUANTITY, data={"quantity": "2", "do": "preview"})

    assert "€4,750.48" in answer.text
    assert "Which seats do you give up?" not in answer.text


async def test_seats_in_use_are_not_given_up_silently(portal: Portal) -> None:
    portal.services.refusals["POST", PREVIEW_CHANGE] = seats_in_use(preview=PREVIEW)
    portal.services.refusals["POST", "/subscriptions/sub_1/change-quantity"] = seats_in_use()
    form = {"quantity": "1", "do": "change", "release": "asg_gone"}

    answer = await portal.browser.post(CHANGE_QUANTITY, data=form)

    assert answer.status_code == 409
    assert "More seats are in use" in answer.text
    assert 'value="asg_0001"><label' in answer.text


async def test_who_is_chosen_stays_chosen_when_it_was_not_enough(portal: Portal) -> None:
    portal.services.refusals["POST", PREVIEW_CHANGE] = seats_in_use(preview=PREVIEW)
    wrong = [{"pointer": "/release/1", "code": "not_assigned", "detail": "This assignment holds no seat."}]
    portal.services.refusals["POST", "/subscriptions/sub_1/change-quantity"] = refusal(
        "invalid-input", 422, errors=wrong
    )
    form = {"quantity": "1", "do": "change", "release": ["asg_0002", "asg_gone"]}

    answer = await portal.browser.post(CHANGE_QUANTITY, data=form)

    assert answer.status_code == 409
    assert 'value="asg_0002" checked' in answer.text
    assert 'value="asg_0001"><label' in answer.text


async def test_the_chosen_seats_are_named_to_the_shop(portal: Portal) -> None:
    form = {"quantity": "1", "do": "change", "release": ["asg_0001", "asg_0002"], "idempotency_key": "k"}

    answer = await portal.browser.post(CHANGE_QUANTITY, data=form)

    assert answer.status_code == 303
    body = {"quantity": 1, "release": ["asg_0001", "asg_0002"]}
    assert portal.services.told == [("POST", "/subscriptions/sub_1/change-quantity", body, "k")]


async def test_a_wave_is_planned_by_ids_or_by_a_filter(portal: Portal) -> None:
    portal.services.posts["/transfer-waves"] = {"id": "wav_1"}
    form = {"name": "Pilot", "transfer_on": "2026-12-24"}

    await portal.browser.post("/operator/transfers/waves", data={**form, "customers": "C1, C2\nC3"})
    await portal.browser.post("/operator/transfers/waves", data={**form, "region": "dach", "max_seats": "5"})

    by_ids, by_filter = portal.services.told[-2:]
    assert by_ids[2] == {**form, "customers": ["C1", "C2", "C3"]}
    assert by_filter[2] == {**form, "filter": {"region": "dach", "max_seats": 5}}


async def test_the_safety_window_of_a_wave_is_sent_as_a_number_and_its_renewals_can_be_left_out(portal: Portal) -> None:
    portal.services.posts["/transfer-waves"] = {"id": "wav_1"}
    form = {"name": "Pilot", "transfer_on": "2026-12-24", "safety_window_days": "5", "outside_safety_window": "yes"}

    await portal.browser.post("/operator/transfers/waves", data=form)
    await portal.browser.post("/operator/transfers/waves/wav_1", data={"name": "Pilot", "safety_window_days": "0"})

    planned, changed = portal.services.told[-2:]
    assert planned[2]["safety_window_days"] == 5
    assert planned[2]["filter"] == {"outside_safety_window": True}
    assert (changed[0], changed[2]) == ("PATCH", {"name": "Pilot", "safety_window_days": 0})


async def test_the_dry_run_of_a_large_wave_leads_back_to_the_wave_that_says_how_far_it_is(portal: Portal) -> None:
    portal.services.posts["/transfer-waves/wav_2/check"] = UNDER_WAY

    begun = await portal.browser.post("/operator/transfers/waves/wav_2/check")
    progress = await portal.browser.get("/operator/transfers/waves/wav_2/check/progress")

    assert begun.headers["location"] == "/operator/transfers/waves/wav_2"
    assert "7,000 of 40,000 customers" in progress.text


@pytest.mark.parametrize(("wave", "words"), [("wav_3", "until you resume"), ("wav_4", "put them back one by one")])
async def test_a_wave_that_stopped_half_way_says_what_becomes_of_whom(portal: Portal, wave: str, words: str) -> None:
    page = await portal.browser.get(f"/operator/transfers/waves/{wave}")

    assert "Moved: 12. Not moved: 28." in page.text
    assert words in page.text


async def test_a_held_first_renewal_is_shown_with_both_amounts_wherever_operators_look(portal: Portal) -> None:
    pages = {
        path: (await portal.browser.get(f"/operator/transfers{path}")).text
        for path in ("", "/trf_1", "/trf_2", "/waves/wav_1/report")
    }

    assert "Charge what was promised" in pages["/trf_2"]
    assert "Charge what was promised" not in pages["/trf_1"]
    for path in ("", "/trf_2", "/waves/wav_1/report"):
        assert "1,230.00" in pages[path], path
        assert "1,233.00" in pages[path], path


@pytest.mark.parametrize("charge", ["as_promised", "as_it_stands"])
async def test_an_operator_has_a_held_renewal_charged_once(portal: Portal, charge: str) -> None:
    portal.services.posts["/subscriptions/sub_1/release"] = {"id": "sub_1"}
    form = {"subscription_id": "sub_1", "charge": charge, "idempotency_key": "once"}

    answer = await portal.browser.post("/operator/transfers/trf_2/release-renewal", data=form)

    assert ("POST", "/subscriptions/sub_1/release", {"charge": charge}, "once") in portal.services.told
    assert answer.headers["location"] == "/operator/transfers/trf_2"


async def test_a_renewal_that_cannot_be_released_says_so_on_the_page(portal: Portal) -> None:
    portal.services.refusals["POST", "/subscriptions/sub_1/release"] = refusal("promise-does-not-fit", 409)
    form = {"subscription_id": "sub_1", "charge": "as_promised"}

    answer = await portal.browser.post("/operator/transfers/trf_2/release-renewal", data=form)

    assert answer.status_code == 409
    assert "cannot be divided among the seats" in answer.text


async def test_an_export_is_handed_on_with_its_fields(portal: Portal) -> None:
    portal.services.posts["/transfer-imports"] = {"id": "imp_1"}
    files = [("bundle", ("customers.csv", b"id\n", "text/csv")), ("bundle", ("orders.csv", b"id\n", "text/csv"))]

    moved = await portal.browser.post("/operator/transfers/imports", data={"source": "canonical"}, files=files)

    assert moved.headers["location"] == "/operator/transfers/imports/imp_1"
    kind, sent = portal.services.told[-1][2]
    assert kind == "multipart/form-data"
    assert sent.count(b'name="bundle"') == 2
    assert b'filename="orders.csv"' in sent
    assert b"canonical" in sent


async def test_an_invoice_is_a_file_with_its_number(portal: Portal) -> None:
    portal.services.answers["/invoices/inv_1/pdf"] = b"%PDF-1.7"

    answer = await portal.browser.get("/account/invoices/inv_1.pdf")

    assert answer.content == b"%PDF-1.7"
    assert answer.headers["content-disposition"] == 'attachment; filename="RE-2026-000001.pdf"'


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", ""])
async def test_a_little_form_never_leads_away(portal: Portal, wanted: str) -> None:
    moved = await portal.browser.post("/shop/wishlist/parts-catalogue", data={"return_to": wanted})

    assert moved.headers["location"] == "/shop/wishlist"


async def test_the_tiles_can_be_refreshed_alone(portal: Portal) -> None:
    answer = await portal.browser.get("/portal/tiles")

    assert "<html" not in answer.text
    assert answer.text.count('class="card tile"') == 5


async def test_a_new_customer_is_told_to_look_into_the_mailbox(portal: Portal) -> None:
    portal.sign_out()
    form = {"email": "neu@firma.example", "name": "Neu", "company": "Firma", "country": "de"}

    moved = await portal.browser.post("/register", data=form, headers={"Accept-Language": "de"})
    answer = await portal.browser.get(moved.headers["location"])

    organization = {"name": "Firma", "country": "DE"}
    body = {"email": "neu@firma.example", "name": "Neu", "locale": "de", "organization": organization}
    assert portal.services.told[-1][:3] == ("POST", "/registrations", body)
    assert "neu@firma.example" in answer.text


async def test_an_incomplete_registration_says_what_is_missing(portal: Portal) -> None:
    answer = await portal.browser.post("/register", data={"email": "neu@firma.example"})

    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") >= 3


async def test_a_card_is_entered_at_the_provider_and_saved_here(portal: Portal) -> None:
    checkout = "https://checkout.example/c/cs_1"
    portal.services.posts["/payment-methods/setups"] = {"url": checkout, "token": "cs_1"}

    leaving = await portal.browser.get("/account/payment-methods/enter?return_to=/shop/checkout%3Fa%3D1")
    back = await portal.browser.get("/account/payment-methods?return_to=/shop/checkout%3Fa%3D1&token=cs_1%22%3E")
    saved = await portal.browser.post("/account/payment-methods", data={"token": "cs_1", "idempotency_key": "k"})

    assert (leaving.status_code, leaving.headers["location"]) == (303, checkout)
    told = [(path, body) for _, path, body, _ in portal.services.told]
    address = "http://localhost:8080/account/payment-methods?return_to=%2Fshop%2Fcheckout%3Fa%3D1"
    assert told[0] == ("/payment-methods/setups", {"return_url": address})
    assert 'name="token" value="cs_1&#34;&gt;"' in back.text
    assert saved.status_code == 303
    assert told[1] == ("/payment-methods", {"token": "cs_1", "make_default": False})
