"""The sandbox bank's page shows what waits for its payer, and nothing that somebody else wrote into the address."""

from tests.harness.service import RunningService
from tests.shop.builders import Customer

PAGES = "/api/v1/sandbox/payment-actions"


async def test_the_page_of_a_waiting_payment_leads_back_to_us_alone(shop: RunningService, customer: Customer) -> None:
    placed = await customer.order(card=await customer.card("tok_action_required"))
    path = placed.json()["action_url"].removeprefix("http://localhost:8080")

    page = await shop.anonymous().get(path)

    assert page.status_code == 200
    assert f'action="{path}/accept"' in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; form-action 'self'")


async def test_an_address_that_nobody_gave_out_shows_nothing(shop: RunningService) -> None:
    """`javascript:` in the address would otherwise become the target of the page's buttons."""
    page = await shop.anonymous().get(f"{PAGES}/javascript:alert(1)")

    assert page.status_code == 404
    assert "javascript" not in page.text
