"""kill -9 in the middle of a wave: everybody moves, every mail leaves once, nobody is charged."""

from collections import Counter
from datetime import timedelta

import pytest

from deploy.demo.customers import DemoCustomer
from deploy.demo.export import Export, add_rows, email_of, legacy_id
from tests.harness.platform import Platform, patiently
from tests.system.books import mails_per_address

pytestmark = pytest.mark.system

CUSTOMERS = 45
FIRST = {"shop": 2001, "identity": 3001, "licensing": 4001, "notifications": 5001}


def cast_of(service: str) -> dict[int, DemoCustomer]:
    """A cohort of its own for each service that is killed."""
    return {
        FIRST[service] + n: DemoCustomer(f"Kohorte{n} {service} GmbH", f"Eva{n}", "Muster", "DE", "de", "", 3)
        for n in range(CUSTOMERS)
    }


@pytest.mark.parametrize("service", list(FIRST))
def test_a_killed_service_loses_and_repeats_nothing(platform: Platform, service: str) -> None:
    platform.wait_until_ready()
    today = platform.now().date()
    cast = cast_of(service)
    export = Export()
    for number, customer in cast.items():
        add_rows(export, number, customer, today + timedelta(days=1))
    with platform.operator() as operator:
        started = operator.post(
            "/transfer-imports",
            data={"source": "canonical", "exported_on": today.isoformat()},
            files={"bundle": ("export.zip", export.as_zip(), "application/zip")},
        )
        assert started.status_code in (201, 202), started.text
        imported = f"/transfer-imports/{started.json()['id']}"
        patiently(lambda: operator.get(imported).json()["state"] == "completed", within=60)
        body = {
            "name": f"Killed {service}",
            "transfer_on": today.isoformat(),
            "customers": [legacy_id(number) for number in cast],
        }
        wave = operator.post("/transfer-waves", json=body).json()
        operator.post(f"/transfer-waves/{wave['id']}/check")
        assert operator.post(f"/transfer-waves/{wave['id']}/schedule").status_code == 200

        platform.kill(service)
        patiently(lambda: platform.mails(subject="Willkommen"), within=60)
        platform.kill(service)

        def states() -> Counter[str]:
            items = operator.get("/transfers", params={"wave": wave["id"], "limit": 200}).json()["items"]
            return Counter(item["state"] for item in items)

        patiently(lambda: states() == {"transferred": CUSTOMERS}, within=90, message=service)

    def every_buyer_has_each_mail_once() -> bool:
        # A mail on the wire when its sender is killed may be delivered again, under the same Message-ID.
        sent = mails_per_address(platform)
        for customer in cast.values():
            subjects = {subject: n for (to, subject), n in sent.items() if email_of(customer) in str(to)}
            assert len(subjects) == 2, (customer.company, subjects)
            assert set(subjects.values()) == {1}, (customer.company, subjects)
        return True

    patiently(every_buyer_has_each_mail_once, within=90)
    with platform.operator() as operator:
        for number, customer in cast.items():
            found = operator.get("/accounts", params={"email": email_of(customer)}).json()["items"][0]
            account = operator.get(f"/accounts/{found['id']}").json()
            licenses = patiently(
                lambda account=account: operator.get(
                    "/licenses", params={"organization": account["organization_id"]}
                ).json()["items"]
            )
            expected = 2 if number % 3 == 0 else 1
            transferred = [license for license in licenses if license["origin"] == "transferred"]
            assert len(transferred) == expected
            assert all(license["assigned"] == 1 for license in transferred)
