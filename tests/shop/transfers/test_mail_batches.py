"""What became of the mails of a wave comes by the hundred: each stands in its own timeline, each failure holds its own."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.harness.batches import Said, deliver_together
from tests.harness.service import RunningService
from tests.harness.statements import statements_of
from tests.shop.transfers.in_memory import SAMPLES
from tests.shop.transfers.steps import a_wave, at, every, get, post, upload

EXPECTED = json.loads((SAMPLES / "expected-outcome.json").read_text())
MOVING = [known for known, expected in EXPECTED["customers"].items() if expected["outcome"] == "moves"]


def mail(kind: str, transfer_id: str | None, number: int, **changes: Any) -> Said:
    """What notifications tells of a mail about a transfer."""
    correlation = f"transfer:{transfer_id}" if transfer_id else None
    fact = {"message_id": f"msg_{number}", "template": "transfer-announcement", "correlation": correlation}
    return Said(
        f"notifications.message.{kind}.v1", f"msg_{number}", {**fact, **changes}, actor=f"system:mailer-{number}"
    )


@pytest.fixture
async def transfers(shop: RunningService) -> Any:
    """The announced transfers of a wave."""
    shop.clock.set(datetime(2027, 2, 5, 9, 0, tzinfo=UTC))
    await upload(shop)
    wave = await a_wave(shop, MOVING[:8])
    await post(shop, f"/transfer-waves/{wave['id']}/schedule")
    await at(shop, datetime(2027, 2, 10, 12, 0, tzinfo=UTC))
    yield await every(shop, "/transfers", wave=wave["id"])
    await post(shop, f"/transfer-waves/{wave['id']}/cancel")


async def timeline_of(shop: RunningService, transfer: dict[str, Any]) -> list[dict[str, Any]]:
    """What happened in a transfer."""
    return list((await get(shop, f"/transfers/{transfer['id']}"))["timeline"])


async def test_each_mail_of_a_delivery_stands_in_its_timeline(shop: RunningService, transfers: Any) -> None:
    said = [mail("sent", transfer["id"], number) for number, transfer in enumerate(transfers)]
    said.insert(3, mail("sent", None, 100))
    said.insert(5, mail("sent", "trf_unknown", 101))
    said.append(mail("sent", transfers[0]["id"], 102))
    said.append(said[0])

    assert await deliver_together(shop, said) == ["handled"] * len(said)

    sent = [[e for e in await timeline_of(shop, each) if e["what"] == "mail_sent"] for each in transfers]
    assert [entry["detail"]["message_id"] for entry in sent[0]] == ["msg_0", "msg_102"]
    assert [[entry["detail"]["message_id"] for entry in entries] for entries in sent[1:]] == [
        [f"msg_{number}"] for number in range(1, len(transfers))
    ]
    assert sent[2][0]["actor"] == "system:mailer-2"


async def test_six_mails_cost_as_many_statements_as_two(shop: RunningService, transfers: Any) -> None:
    costs = []
    for some in (transfers[:2], transfers[2:]):
        with statements_of(shop) as asked:
            await deliver_together(shop, [mail("sent", each["id"], 200) for each in some])
            await deliver_together(shop, [mail("bounced", each["id"], 201) for each in some])
        costs.append(len(asked))

    assert costs[0] == costs[1] < 15


async def test_each_mail_that_did_not_arrive_holds_its_own_customer(shop: RunningService, transfers: Any) -> None:
    bounced, failed, good = transfers[:3], transfers[3:5], transfers[5:]
    said = [mail("bounced", transfer["id"], number) for number, transfer in enumerate(bounced)]
    said += [mail("failed", transfer["id"], 10 + number) for number, transfer in enumerate(failed)]
    said += [mail("bounced", bounced[0]["id"], 20), mail("sent", good[0]["id"], 21)]

    assert await deliver_together(shop, said) == ["handled"] * len(said)

    shown = [await get(shop, f"/transfers/{transfer['id']}") for transfer in transfers]
    assert [one["state"] for one in shown] == ["held"] * 5 + ["announced"] * len(good)
    assert [one["failure_code"] for one in shown] == (["mail_bounced"] * 3 + ["mail_failed"] * 2 + [None] * len(good))
    whats = Counter(entry["what"] for entry in shown[0]["timeline"])
    assert whats["mail_bounced"] == 2


async def test_a_mail_told_of_without_its_id_is_parked_alone(shop: RunningService, transfers: Any) -> None:
    said = [mail("sent", transfer["id"], number) for number, transfer in enumerate(transfers[:3])]
    said.insert(1, mail("sent", transfers[0]["id"], 50, message_id=None))

    assert await deliver_together(shop, said) == ["handled", "parked", "handled", "handled"]

    counts = [[e["what"] for e in await timeline_of(shop, each)].count("mail_sent") for each in transfers[:3]]
    assert counts == [1, 1, 1]
