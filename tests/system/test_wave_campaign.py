"""The campaign of a wave while the clock jumps, on the running platform: what is sent, who moves, and what never.

The tests are one story on one platform: each has a cohort of its own, and the clock only ever goes on from where the
test before has left it. Slow by design (about a minute): after every jump the whole platform has to come to rest.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from tests.harness.platform import Platform, patiently, running_platform
from tests.system.books import rows_of
from tests.system.cohorts import (
    PRODUCT,
    QUANTITY,
    UNIT_PRICE,
    an_old_shop,
    email_of,
    members_of,
    method_of,
    number_of,
)
from tests.system.desk import LONG, Desk
from tests.system.rest import parked_events, wait_until_at_rest
from tests.system.test_transfer_story import activate, link_in

pytestmark = pytest.mark.system

BEGIN = datetime(2027, 2, 5, 12, tzinfo=UTC)
RENEWS_ON = date(2028, 2, 1)
COHORTS = {
    "two-weeks": 2, "leap": 2, "other-date": 2, "cancelled": 2, "paused": 12, "control": 1, "bounced": 2,
    "failing": 2, "put-back": 2, "reminded": 3, "guarded": 1,
}  # fmt: skip
NOT_SOLD_YET = "COMING-SOON"
ANNOUNCED, REMINDED, WELCOMED = "transfer-announcement", "transfer-reminder", "transfer-welcome"


class Campaign:
    """The operator with the clock in hand."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.desk = Desk(platform)

    @property
    def today(self) -> date:
        """The business day; it is always around noon."""
        return self.platform.now().date()

    def plan(self, cohort: str, *, days: int, name: str = "") -> str:
        """Schedule a wave with a cohort, `days` from today."""
        wave = self.desk.wave(name or cohort, self.today + timedelta(days=days), members_of(cohort, COHORTS[cohort]))
        self.rest()
        return wave

    def jump(self, days: int) -> None:
        """Go on at once by some days, and let the platform do what fell due."""
        self.platform.advance(timedelta(days=days))
        self.rest()

    def rest(self) -> None:
        """Let the platform come to rest."""
        wait_until_at_rest(self.desk)

    def mails(self, customer: str) -> list[str]:
        """What a buyer has been sent, the oldest first; exactly as many mails lie in the mailbox."""
        sent = [m["template"] for m in self.desk.every("/messages", to=email_of(customer)) if m["status"] == "sent"]
        arrived = self.platform.mails(to=email_of(customer))
        assert len(arrived) == len(sent), ([mail["subject"] for mail in arrived], sent)
        return sent[::-1]

    def mails_of(self, cohort: str) -> list[list[str]]:
        """What each buyer of a cohort has been sent."""
        return [self.mails(customer) for customer in members_of(cohort, COHORTS[cohort])]

    def transfer(self, wave: str, customer: str) -> dict[str, Any]:
        """One customer's transfer in a wave."""
        return self.desk.transfers(wave)[customer]

    def licenses(self, customer: str) -> list[dict[str, Any]]:
        """The licenses of a customer's subscription."""
        return self.desk.every("/licenses", subscription_number=number_of(customer))

    def subscriptions(self, customer: str) -> list[dict[str, Any]]:
        """The subscriptions of that number."""
        return self.desk.every("/subscriptions", number=number_of(customer))

    def activation_link(self, customer: str) -> str:
        """The link in the newest mail."""
        return link_in(self.platform.mails(to=email_of(customer))[0]["text"])

    def mail_server(self, **behaviour: Any) -> None:
        """Make the mail server refuse; without arguments it takes everything again."""
        answer = httpx.post(f"{self.platform.plan.url('mailbox')}/behaviour", json=behaviour, timeout=30)
        assert answer.is_success, answer.text


@pytest.fixture(scope="module")
def campaign() -> Iterator[Campaign]:
    """A platform without the demo, with the sample catalogue and the cohorts' export."""
    with running_platform(with_demo=False) as platform:
        campaign = Campaign(platform)
        campaign.desk.set_clock(BEGIN)
        campaign.desk.open_shop()
        files = an_old_shop(
            COHORTS, exported_on=BEGIN.date(), renews_on=RENEWS_ON, products={"failing-1": NOT_SOLD_YET}
        )
        campaign.desk.imported(files, source="canonical", exported_on=BEGIN.date().isoformat())
        yield campaign
        assert parked_events(platform) == []


def test_a_clock_that_goes_back_and_forth_sends_nothing_twice(campaign: Campaign) -> None:
    wave = campaign.plan("two-weeks", days=14)
    assert campaign.mails_of("two-weeks") == [[ANNOUNCED]] * 2

    campaign.jump(13)
    assert campaign.mails_of("two-weeks") == [[ANNOUNCED, REMINDED]] * 2

    there = campaign.platform.now()
    back = campaign.desk.send("POST", "/test/clock", json={"now": (there - timedelta(days=5)).isoformat()})
    assert back.status_code in (200, 409, 422)
    campaign.rest()
    assert campaign.mails_of("two-weeks") == [[ANNOUNCED, REMINDED]] * 2

    campaign.desk.set_clock(there)
    campaign.jump(1)
    assert campaign.mails_of("two-weeks") == [[ANNOUNCED, REMINDED, WELCOMED]] * 2
    campaign.desk.wait_for_states(wave, transferred=2)


def test_a_jump_over_everything_announces_and_welcomes_without_a_late_reminder(campaign: Campaign) -> None:
    wave = campaign.plan("leap", days=15)
    assert campaign.mails_of("leap") == [[], []]

    campaign.jump(15)

    campaign.desk.wait_for_states(wave, transferred=2)
    assert campaign.mails_of("leap") == [[ANNOUNCED, WELCOMED]] * 2


def test_another_date_is_told_once_and_holds(campaign: Campaign) -> None:
    wave = campaign.plan("other-date", days=14)
    new_day = (campaign.today + timedelta(days=21)).isoformat()

    campaign.desk.patch(f"/transfer-waves/{wave}", {"transfer_on": new_day})
    campaign.desk.patch(f"/transfer-waves/{wave}", {"transfer_on": new_day})
    campaign.rest()

    assert campaign.mails_of("other-date") == [[ANNOUNCED, "transfer-rescheduled"]] * 2
    told = campaign.desk.every("/messages", to=email_of("other-date-1"))[0]
    assert campaign.desk.get(f"/messages/{told['id']}")["data"]["transfer_on"] == new_day

    campaign.jump(14)
    campaign.desk.wait_for_states(wave, announced=2)
    campaign.jump(6)
    campaign.jump(1)
    campaign.desk.wait_for_states(wave, transferred=2)
    assert campaign.mails_of("other-date") == [[ANNOUNCED, "transfer-rescheduled", REMINDED, WELCOMED]] * 2


def test_a_cancelled_wave_sends_nothing_more_and_its_customers_can_be_planned_again(campaign: Campaign) -> None:
    wave = campaign.plan("cancelled", days=14)

    campaign.desk.step(wave, "cancel")
    campaign.jump(15)

    assert campaign.mails_of("cancelled") == [[ANNOUNCED]] * 2
    campaign.desk.wait_for_states(wave, cancelled=2)
    assert campaign.desk.every("/customers", query="cancelled-") == []
    again = campaign.plan("cancelled", days=20, name="once more")
    campaign.desk.step(again, "cancel")


def test_a_paused_wave_stands_still_while_others_move_and_goes_on_when_resumed(campaign: Campaign) -> None:
    wave = campaign.plan("paused", days=1)
    other = campaign.plan("control", days=1)
    assert campaign.mails_of("paused") == [[ANNOUNCED, REMINDED]] * 12
    campaign.desk.step(wave, "start")
    assert campaign.desk.step(wave, "pause")["state"] == "paused"

    campaign.jump(1)

    campaign.desk.wait_for_states(other, transferred=1)
    campaign.desk.wait_for_states(wave, reminded=12)
    refused = campaign.desk.send("POST", f"/transfers/{campaign.transfer(wave, 'paused-1')['id']}/retry")
    assert refused.status_code == 409

    assert campaign.desk.step(wave, "resume")["state"] == "running"
    campaign.rest()
    campaign.desk.wait_for_states(wave, transferred=12)
    assert campaign.mails_of("paused") == [[ANNOUNCED, REMINDED, WELCOMED]] * 12


def test_a_hard_bounce_holds_the_customer_until_an_operator_has_mended_it(campaign: Campaign) -> None:
    campaign.mail_server(reply="550", for_addresses=[email_of("bounced-1")])
    wave = campaign.plan("bounced", days=14)
    held = campaign.transfer(wave, "bounced-1")
    assert (held["state"], held["failure_code"]) == ("held", "mail_bounced")

    campaign.jump(14)

    campaign.desk.wait_for_states(wave, held=1, transferred=1)
    listed = {
        item["legacy_customer_id"]: item["needs"] for item in campaign.desk.every(f"/transfer-waves/{wave}/follow-up")
    }
    assert {"mail_not_delivered", "held"} <= set(listed["bounced-1"])
    assert campaign.mails("bounced-1") == []
    assert campaign.licenses("bounced-1") == []

    campaign.mail_server()
    [suppression] = campaign.desk.every("/suppressions", email=email_of("bounced-1"))
    assert campaign.desk.send("DELETE", f"/suppressions/{suppression['id']}").status_code == 204
    campaign.desk.post(f"/transfers/{held['id']}/retry")
    campaign.rest()
    assert campaign.transfer(wave, "bounced-1")["state"] == "transferred"
    assert campaign.mails("bounced-1") == [WELCOMED]
    assert len(campaign.licenses("bounced-1")) == 1


def test_one_that_failed_is_retried_alone(campaign: Campaign) -> None:
    wave = campaign.plan("failing", days=14)
    assert campaign.mails_of("failing") == [[], [ANNOUNCED]]

    campaign.jump(14)

    failed = campaign.transfer(wave, "failing-1")
    assert (failed["state"], failed["failure_code"]) == ("failed", "unmapped_product")
    assert campaign.licenses("failing-1") == campaign.subscriptions("failing-1") == []
    still = campaign.desk.post(f"/transfers/{failed['id']}/retry")
    assert (still["state"], still["failure_code"]) == ("failed", "unmapped_product")

    campaign.desk.post("/products", {"code": NOT_SOLD_YET, "name": "Soon", "description": "", "applications": []})
    price = {"amount": {"amount": UNIT_PRICE, "currency": "EUR"}, "valid_from": "2020-01-01"}
    campaign.desk.post("/prices", {"product_code": NOT_SOLD_YET, "region": "dach", "interval": "year", **price})
    campaign.desk.post(f"/transfers/{failed['id']}/retry")
    campaign.rest()

    campaign.desk.wait_for_states(wave, transferred=2)
    assert campaign.mails_of("failing") == [[ANNOUNCED, WELCOMED], [ANNOUNCED, WELCOMED]]
    assert len(campaign.licenses("failing-1")) == len(campaign.licenses("failing-2")) == 1


def test_who_is_put_back_has_nothing_left_here_and_can_move_again_until_they_are_active(campaign: Campaign) -> None:
    wave = campaign.plan("put-back", days=14)
    campaign.jump(14)
    old_link = campaign.activation_link("put-back-1")
    first = campaign.transfer(wave, "put-back-1")

    campaign.desk.post(f"/transfers/{first['id']}/roll-back", {"reason": "asked by phone"})
    campaign.rest()

    assert {item["status"] for item in campaign.licenses("put-back-1")} == {"ended"}
    [ended] = campaign.subscriptions("put-back-1")
    assert (ended["status"], ended["ended_reason"], ended["billing_owner"]) == ("ended", "rolled_back", "old_shop")
    asked = {"product": PRODUCT, "email": email_of("put-back-1")}
    assert campaign.desk.get("/entitlements/check", **asked)["allowed"] is False
    assert campaign.desk.every("/accounts", email=email_of("put-back-1")) == []
    visitor = campaign.platform.visitor()
    visitor.open(old_link)
    assert all("password" not in form.names for form in visitor.forms())
    assert campaign.mails("put-back-1") == [ANNOUNCED, WELCOMED, "transfer-rolled-back"]
    assert campaign.mails("put-back-2") == [ANNOUNCED, WELCOMED]
    assert len(campaign.licenses("put-back-2")) == 1
    assert campaign.desk.send("POST", f"/transfers/{first['id']}/roll-back").status_code == 409

    again = campaign.desk.wave("Second try", campaign.today + timedelta(days=14), ["put-back-1"])
    campaign.rest()
    campaign.jump(14)
    second = campaign.transfer(again, "put-back-1")
    assert (second["state"], second["organization_id"]) == ("transferred", first["organization_id"])
    live = [item for item in campaign.licenses("put-back-1") if item["status"] == "active"]
    assert [(item["quantity"], item["assigned"]) for item in live] == [(QUANTITY, 1)]
    assert Counter(s["status"] for s in campaign.subscriptions("put-back-1")) in (
        Counter(active=1), Counter(active=1, ended=1),
    )  # fmt: skip
    assert campaign.mails("put-back-1")[3:] == [ANNOUNCED, WELCOMED]
    assert campaign.desk.get(f"/transfer-waves/{again}/report")["differences"] == []

    buyer = activate(campaign.platform, campaign.activation_link("put-back-1"))
    patiently(lambda: campaign.transfer(again, "put-back-1")["state"] == "activated", within=LONG)
    assert campaign.desk.send("POST", f"/transfers/{second['id']}/roll-back").status_code == 409
    assert [order["number"] for order in buyer.get("/orders").json()["items"]] == ["W-put-back-1"]
    method = buyer.get("/payment-methods").json()["items"][0]
    line = {"product_code": "TYRE-DATA", "interval": "year", "quantity": 1}
    bought = buyer.post("/orders", {"lines": [line], "payment_method_id": method["id"]})
    assert bought.status_code == 201, bought.text
    refused = campaign.desk.send("POST", f"/transfers/{second['id']}/roll-back")
    assert refused.status_code == 409
    assert refused.json()["detail"]


def test_who_does_not_activate_is_reminded_after_three_and_ten_days_and_nobody_else(campaign: Campaign) -> None:
    wave = campaign.plan("reminded", days=1)
    campaign.jump(1)
    campaign.desk.wait_for_states(wave, transferred=3)
    moved = [ANNOUNCED, REMINDED, WELCOMED]

    activate(campaign.platform, campaign.activation_link("reminded-1"))
    patiently(lambda: campaign.transfer(wave, "reminded-1")["state"] == "activated", within=LONG)
    campaign.jump(3)
    once = [*moved, "transfer-activation-reminder"]
    assert campaign.mails_of("reminded") == [moved, once, once]

    activate(campaign.platform, campaign.activation_link("reminded-2"))
    patiently(lambda: campaign.transfer(wave, "reminded-2")["state"] == "activated", within=LONG)
    campaign.jump(7)
    campaign.jump(14)
    assert campaign.mails_of("reminded") == [moved, once, [*once, "transfer-activation-reminder"]]


def test_a_first_renewal_of_another_amount_than_promised_is_held_until_an_operator_corrects_it(
    campaign: Campaign,
) -> None:
    """The amount is falsified in the database: by the API nobody could."""
    wave = campaign.plan("guarded", days=1)
    campaign.jump(1)
    campaign.desk.wait_for_states(wave, transferred=1)
    asyncio.run(_falsify_price(campaign.platform, number_of("guarded-1")))

    campaign.jump((RENEWS_ON - campaign.today).days)

    [guarded] = campaign.subscriptions("guarded-1")
    assert guarded["held_reason"] == "amount_differs_from_dry_run"
    assert campaign.desk.every("/orders", organization=guarded["organization_id"], kind="renewal") == []
    asked = {"product": PRODUCT, "email": email_of("guarded-1")}
    assert campaign.desk.get("/entitlements/check", **asked)["allowed"] is True
    held = {"held_reason": "amount_differs_from_dry_run", "now": QUANTITY * (UNIT_PRICE + 100)}
    assert _first_renewal(campaign, wave) == held

    released = campaign.desk.post(f"/subscriptions/{guarded['id']}/release", {"charge": "as_promised"})
    assert released["unit_price"]["amount"] == UNIT_PRICE
    assert campaign.desk.send("POST", f"/subscriptions/{guarded['id']}/release").status_code == 409


def _first_renewal(campaign: Campaign, wave: str) -> dict[str, Any]:
    [customer] = campaign.desk.every(f"/transfer-waves/{wave}/follow-up")
    assert "first_renewal_held" in customer["needs"]
    [renewal] = customer["first_renewals"]
    assert renewal["amount"]["amount"] == QUANTITY * UNIT_PRICE
    return {"held_reason": renewal["held_reason"], "now": renewal["now"]["amount"]}


def test_a_year_later_everybody_who_moved_has_renewed_once_by_the_old_card_at_the_old_price(campaign: Campaign) -> None:
    campaign.rest()
    charges = asyncio.run(rows_of(campaign.platform, "shop", "SELECT * FROM sandbox_charges"))
    charged = Counter(row["method"] for row in charges)
    moved = [
        customer for cohort, size in COHORTS.items() for customer in members_of(cohort, size) if cohort != "cancelled"
    ]
    for customer in moved:
        [subscription] = [s for s in campaign.subscriptions(customer) if s["status"] == "active"]
        orders = campaign.desk.every("/orders", subscription_id=subscription["id"], kind="renewal")
        assert [(order["status"], order["net"]["amount"]) for order in orders] == [("paid", QUANTITY * UNIT_PRICE)]
        assert orders[0]["payment_method_id"] == subscription["payment_method_id"]
        # The one who was put back has bought something with that card as well.
        assert charged[method_of(customer)] == (2 if customer == "put-back-1" else 1), customer
        assert subscription["term"]["first_day"] == RENEWS_ON.isoformat()
        [license] = [item for item in campaign.licenses(customer) if item["status"] == "active"]
        assert license["term"]["first_day"] == RENEWS_ON.isoformat()
        assert license["invoice_number"] == orders[0]["invoice_number"]
    nobody_else = set(charged) - {method_of(customer) for customer in moved}
    assert nobody_else == set()
    assert all(row["status"] == "succeeded" for row in charges)


async def _falsify_price(platform: Platform, number: str) -> None:
    url = platform.stack.postgres.url.removesuffix("/postgres") + "/shop"
    connection = await asyncpg.connect(url)
    try:
        changed = await connection.execute(
            "UPDATE subscriptions SET unit_price_minor = unit_price_minor + 100 WHERE number = $1", number
        )
        assert changed == "UPDATE 1", changed
    finally:
        await connection.close()
