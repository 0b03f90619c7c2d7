"""What identity tells by the thousand on the day of a wave is taken together, and ends as if it had come one by one."""

import asyncio
import random

import pytest
from sqlalchemy import text

from chassis.kernel.ids import new_id
from tests.harness.batches import Said, deliver_together, in_deliveries
from tests.harness.service import RunningService
from tests.harness.statements import statements_of
from tests.shop.reactions.test_identity import ORGANIZATION, customer_of, member

CREATED = "identity.organization.created.v1"
ADDED = "identity.member.added.v1"
CHANGED = "identity.member.changed.v1"
REMOVED = "identity.member.removed.v1"

STATE = {
    "customers": (
        "SELECT organization_id, company, email, first_name, last_name, country, locale, time_zone, vat_id, vat_status"
        " FROM customers WHERE organization_id LIKE :mine"
    ),
    "members": (
        "SELECT member_id, organization_id, account_id, email, name, roles, status, sequence, is_removed"
        " FROM members WHERE organization_id LIKE :mine"
    ),
}


class World:
    """What is told of some organizations; two worlds of one seed differ in nothing but the mark in their ids."""

    def __init__(self, mark: str, seed: int) -> None:
        self.mark = mark
        self.chance = random.Random(seed)

    def told(self) -> list[Said]:
        """Organizations, one owner of each who changes address, and colleagues who come and go, in any order."""
        said = [one for number in range(20) for one in self._of(f"org_{self.mark}_{number}")]
        said += self.chance.sample(said, 6)
        said += [Said(one.type, one.subject, one.data, one.sequence) for one in self.chance.sample(said, 6)]
        self.chance.shuffle(said)
        return said

    def _of(self, organization_id: str) -> list[Said]:
        number = organization_id.rpartition("_")[2]
        vat_id = self.chance.choice((None, "DE136695976", "no VAT id"))
        fact = {**ORGANIZATION, "organization_id": organization_id, "name": f"Firma {number}", "vat_id": vat_id}
        said = [Said(CREATED, organization_id, fact)] if self.chance.random() < 0.9 else []
        said += self._news_of(organization_id, "owner", (ADDED, CHANGED, CHANGED))
        for _ in range(self.chance.randrange(3)):
            said += self._news_of(organization_id, "member", (ADDED, CHANGED, REMOVED))
        return said

    def _news_of(self, organization_id: str, role: str, types: tuple[str, ...]) -> list[Said]:
        number = self.chance.randrange(10**9)
        member_id = f"mem_{self.mark}_{number}"
        return [
            Said(
                kind,
                member_id,
                member(
                    organization_id,
                    member_id,
                    email=f"{number}.{sequence}@new.example",
                    name=f"Anna {number}.{sequence}",
                    roles=[role],
                ),
                sequence,
            )
            for sequence, kind in enumerate(types[: self.chance.randint(1, 3)], 1)
        ]

    async def state(self, shop: RunningService) -> dict[str, list[str]]:
        """All that the shop knows of this world, without its mark."""
        found = {}
        async with shop.runtime.database.read() as reader:
            for name, question in STATE.items():
                rows = await reader.all(text(question), {"mine": f"%{self.mark}%"})
                found[name] = sorted(str(tuple(row)).replace(self.mark, "") for row in rows)
        return found


@pytest.mark.parametrize("seed", range(6))
async def test_deliveries_of_many_end_as_one_by_one(shop: RunningService, seed: int) -> None:
    alone, together = World(f"oulia{seed}", seed), World(f"oulib{seed}", seed)
    for said in alone.told():
        assert await deliver_together(shop, [said]) == ["handled"]
    for batch in in_deliveries(together.told(), random.Random(seed)):
        assert await deliver_together(shop, batch) == ["handled"] * len(batch)

    expected = await alone.state(shop)
    assert await together.state(shop) == expected
    assert all(expected.values())


async def test_of_two_owners_in_one_delivery_the_first_is_the_buyer_and_stays_it(shop: RunningService) -> None:
    organization_id = new_id("org")
    first, second = sorted((new_id("mem"), new_id("mem")))
    await deliver_together(shop, [Said(CREATED, organization_id, {**ORGANIZATION, "organization_id": organization_id})])
    await deliver_together(
        shop,
        [
            Said(ADDED, first, member(organization_id, first, email="first@new.example")),
            Said(ADDED, second, member(organization_id, second, email="second@new.example")),
        ],
    )
    assert (await customer_of(shop, organization_id))["email"] == "first@new.example"

    await deliver_together(
        shop,
        [
            Said(CHANGED, second, member(organization_id, second, email="other@new.example"), 2),
            Said(CHANGED, first, member(organization_id, first, email="moved@new.example", name="Erika Neu"), 2),
            Said(CHANGED, first, member(organization_id, first, email="again@new.example", name="Erika Alt"), 3),
            Said(CHANGED, first, member(organization_id, first, email="late@new.example"), 1),
        ],
    )
    customer = await customer_of(shop, organization_id)
    assert (customer["email"], customer["last_name"]) == ("again@new.example", "Alt")


async def test_fifty_organizations_cost_as_many_statements_as_five(shop: RunningService) -> None:
    costs = []
    for count in (5, 50):
        said = []
        for _ in range(count):
            organization_id, member_id = new_id("org"), new_id("mem")
            said.append(Said(CREATED, organization_id, {**ORGANIZATION, "organization_id": organization_id}))
            said.append(Said(ADDED, member_id, member(organization_id, member_id)))
        with statements_of(shop) as asked:
            assert await deliver_together(shop, said) == ["handled"] * len(said)
        costs.append(len(asked))

    assert costs[0] == costs[1] < 15


async def test_of_two_words_about_one_organization_in_one_delivery_the_first_stays(shop: RunningService) -> None:
    organization_id = new_id("org")
    facts = [{**ORGANIZATION, "organization_id": organization_id, "name": name} for name in ("First", "Second")]

    await deliver_together(shop, [Said(CREATED, organization_id, fact) for fact in facts])

    assert (await customer_of(shop, organization_id))["company"] == "First"


async def test_an_unreadable_organization_among_good_ones_stays_alone(shop: RunningService) -> None:
    ids = [new_id("org") for _ in range(5)]
    facts = [{**ORGANIZATION, "organization_id": each} for each in ids]
    facts[1]["name"] = {"not": "text"}
    facts[3]["name"] = "\0"

    answers = await deliver_together(shop, [Said(CREATED, f["organization_id"], f) for f in facts])

    assert answers == ["handled", "parked", "handled", "retried", "handled"]
    async with shop.runtime.database.read() as reader:
        found = await reader.all(
            text("SELECT organization_id FROM customers WHERE organization_id = ANY(:ids)"), {"ids": ids}
        )
    assert {row.organization_id for row in found} == {ids[0], ids[2], ids[4]}


async def test_deliveries_at_once_never_wait_in_a_circle(shop: RunningService) -> None:
    organizations, people = [new_id("org") for _ in range(40)], [new_id("mem") for _ in range(40)]

    def told(order: list[int], sequence: int) -> list[Said]:
        created = [
            Said(CREATED, organizations[n], {**ORGANIZATION, "organization_id": organizations[n]}) for n in order
        ]
        kind = CHANGED if sequence > 1 else ADDED
        addresses = [f"{n}.{sequence}@new.example" for n in range(40)]
        joined = [
            Said(kind, people[n], member(organizations[n], people[n], email=addresses[n]), sequence) for n in order
        ]
        return created + joined

    forth, back = list(range(40)), list(range(40))[::-1]
    answers = await asyncio.gather(
        *[deliver_together(shop, told(forth if number % 2 else back, number)) for number in range(1, 7)]
    )

    assert {answer for delivery in answers for answer in delivery} == {"handled"}
    async with shop.runtime.database.read() as reader:
        emails = text("SELECT email FROM customers WHERE organization_id = ANY(:ids)")
        found = {row.email for row in await reader.all(emails, {"ids": organizations})}
    assert found == {f"{n}.6@new.example" for n in range(40)}
