"""What a wave brings by the thousand is taken together, and ends as if it had come one by one."""

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import text

from chassis.bus.reactions import in_runs
from chassis.facts import Envelope
from tests.harness.batches import Delivery, Said, deliver_together, in_deliveries, reactions_to
from tests.harness.service import RunningService
from tests.harness.statements import statements_of
from tests.identity.people import active, an_address
from tests.identity.reactions.facts import a_grant, a_transfer, an_assignment

TRANSFERRED = "shop.transfer.transferred.v1"
ROLLED_BACK = "shop.transfer.rolled_back.v1"
ASSIGNED = "licensing.assignment.created.v1"
ENTITLED = "licensing.entitlement.changed.v1"

STATE = {
    "organizations": "SELECT id, name, country, status, vat_id FROM organizations WHERE id LIKE :mine",
    "accounts": "SELECT email, name, locale, status FROM accounts WHERE email LIKE :mine",
    "memberships": (
        "SELECT m.organization_id, a.email, m.roles FROM memberships m JOIN accounts a ON a.id = m.account_id"
        " WHERE m.organization_id LIKE :mine"
    ),
    "transfers": "SELECT id, sequence, organization_id, state FROM transfers WHERE id LIKE :mine",
    "entitlements": "SELECT email, product_code, sequence, grants FROM entitlements WHERE email LIKE :mine",
}


class World:
    """The events of some customers; two worlds of one seed differ in nothing but the mark in their ids.

    A mark has letters that minted ids never have.
    """

    def __init__(self, mark: str, seed: int) -> None:
        self.mark = mark
        self.chance = random.Random(seed)

    def email(self, number: int) -> str:
        """One of a few people, spelled in one of several ways."""
        spellings = (
            f"Ännë.{number}@{self.mark}-Müller.example",
            f" ännë.{number}@{self.mark}-müller.example ",
            f"ÄNNË.{number}@{f'{self.mark}-müller'.encode('idna').decode()}.EXAMPLE",
        )
        return self.chance.choice(spellings)

    def moves(self) -> list[Said]:
        """Organizations that move, some of them put back, some moved again; people buy for several."""
        return self.shuffled([said for number in range(30) for said in self._moves_of(number)])

    def _moves_of(self, number: int) -> list[Said]:
        person = self.chance.randrange(12)
        fact = a_transfer(transfer_id=f"trf_{self.mark}_{number}")
        fact["organization"] |= {"id": f"org_{self.mark}_{number}", "name": f"Firma {number}"}
        fact["buyer"] = {"email": self.email(person), "first_name": "Anna", "last_name": str(person), "locale": "fr"}
        types = (TRANSFERRED, ROLLED_BACK, TRANSFERRED)[: self.chance.choice((1, 1, 1, 2, 3))]
        return [Said(kind, fact["transfer_id"], fact, sequence) for sequence, kind in enumerate(types, 1)]

    def seats(self) -> list[Said]:
        """Seats given to people, several to some, and what they may use, told several times."""
        said = []
        for _ in range(40):
            fact = an_assignment(self.email(self.chance.randrange(20)), f"org_{self.mark}_0")
            said.append(Said(ASSIGNED, fact["assignment"]["id"], fact))
        for person in range(12):
            for sequence in range(1, self.chance.randint(2, 6)):
                grants = [a_grant(f"org_{self.mark}_{sequence}", license_id="lic_1")][: sequence % 3]
                fact = {"email": self.email(person), "product_code": "kit", "grants": grants}
                said.append(Said(ENTITLED, f"ent_{self.mark}_{person}", fact, sequence))
        return self.shuffled(said)

    def shuffled(self, said: list[Said]) -> list[Said]:
        """In any order, and some of it twice: the same event again, or its content as another event."""
        said = said + self.chance.sample(said, 5)
        said += [Said(one.type, one.subject, one.data, one.sequence) for one in self.chance.sample(said, 5)]
        self.chance.shuffle(said)
        return said

    async def state(self, identity: RunningService) -> dict[str, list[str]]:
        """All that identity knows of this world, without its mark."""
        found = {}
        async with identity.runtime.database.read() as reader:
            for name, question in STATE.items():
                rows = await reader.all(text(question), {"mine": f"%{self.mark}%"})
                found[name] = sorted(str(tuple(row)).replace(self.mark, "") for row in rows)
        return found

    async def told(self, identity: RunningService) -> list[tuple[str, str]]:
        """What identity published about this world, without its mark and the ids that it minted."""
        minted = {"account_id", "member_id"}
        return sorted(
            (
                envelope["type"],
                str({name: value for name, value in envelope["data"].items() if name not in minted}).replace(
                    self.mark, ""
                ),
            )
            for envelope in await identity.envelopes()
            if self.mark in str(envelope["data"])
        )


@pytest.mark.parametrize("seed", range(6))
async def test_deliveries_of_many_end_as_one_by_one(identity: RunningService, seed: int) -> None:
    alone, together = World(f"oulia{seed}", seed), World(f"oulib{seed}", seed)
    for kind in ("moves", "seats"):
        for said in getattr(alone, kind)():
            assert await deliver_together(identity, [said]) == ["handled"]
        for batch in in_deliveries(getattr(together, kind)(), random.Random(seed)):
            assert await deliver_together(identity, batch) == ["handled"] * len(batch)

    expected = await alone.state(identity)
    assert await together.state(identity) == expected
    assert all(expected.values())


async def test_the_same_is_told_as_one_by_one(identity: RunningService) -> None:
    alone, together = World("oulic", 1), World("oulid", 1)
    for kind in (ASSIGNED, TRANSFERRED):
        for world, is_together in ((alone, False), (together, True)):
            said = [one for one in (*world.seats(), *world.moves()) if one.type == kind]
            for delivery in [said] if is_together else [[one] for one in said]:
                await deliver_together(identity, delivery)

    expected = await alone.told(identity)
    assert await together.told(identity) == expected
    assert {kind.split(".")[1] for kind, _ in expected} == {"account", "organization", "member"}


async def test_each_event_is_told_on_behalf_of_the_one_that_brought_it(identity: RunningService) -> None:
    facts = [a_transfer(), a_transfer()]
    said = [
        Said(TRANSFERRED, fact["transfer_id"], fact, actor=f"user:acc_{number}") for number, fact in enumerate(facts)
    ]
    await deliver_together(identity, said)

    for number, fact in enumerate(facts):
        mine = [e for e in await identity.envelopes() if e["data"].get("organization_id") == fact["organization"]["id"]]
        assert [e["type"].split(".")[1] for e in mine] == ["organization", "account", "member"]
        assert {e["actor"] for e in mine} == {f"user:acc_{number}"}
        assert {e["correlationid"] for e in mine} == {f"req_{said[number].id}"}


async def test_fifty_customers_cost_as_many_statements_as_five(identity: RunningService) -> None:
    costs = []
    for count in (5, 50):
        facts = [a_transfer(buyer={"email": an_address()}) for _ in range(count)]
        seats = [an_assignment(an_address(), "org_x") for _ in range(count)]
        accesses = [{"email": an_address(), "product_code": "kit", "grants": [a_grant("org_x")]} for _ in range(count)]
        with statements_of(identity) as asked:
            await deliver_together(identity, [Said(TRANSFERRED, fact["transfer_id"], fact) for fact in facts])
            await deliver_together(identity, [Said(ASSIGNED, fact["assignment"]["id"], fact) for fact in seats])
            await deliver_together(identity, [Said(ENTITLED, fact["email"], fact) for fact in accesses])
        costs.append(len(asked))

    assert costs[0] == costs[1] < 25


async def test_two_customers_of_one_buyer_in_one_delivery_share_the_account(identity: RunningService) -> None:
    email = an_address("both")
    facts = [a_transfer(buyer={"email": spelled}) for spelled in (email, email.upper())]
    await deliver_together(identity, [Said(TRANSFERRED, fact["transfer_id"], fact) for fact in facts])

    invited = [one for one in await identity.published("identity.account.invited.v1") if one["email"] == email]
    assert [one["organization_id"] for one in invited] == [facts[0]["organization"]["id"]]
    joined = [one for one in await identity.published("identity.member.added.v1") if one["email"] == email]
    assert {one["account_id"] for one in joined} == {invited[0]["account_id"]}
    assert [one["organization_id"] for one in joined] == [fact["organization"]["id"] for fact in facts]


async def test_an_account_that_was_here_is_found_among_new_ones(identity: RunningService) -> None:
    person = await active(identity)
    facts = [a_transfer(), a_transfer(), a_transfer()]
    facts[1]["buyer"]["email"] = person["email"].upper()
    await deliver_together(identity, [Said(TRANSFERRED, fact["transfer_id"], fact) for fact in facts])

    joined = {one["organization_id"]: one for one in await identity.published("identity.member.added.v1")}
    members = [joined[fact["organization"]["id"]] for fact in facts]
    assert [member["status"] for member in members] == ["invited", "active", "invited"]
    assert members[1]["account_id"] == person["id"]


async def test_two_words_about_one_transfer_in_one_delivery_count_by_their_order(identity: RunningService) -> None:
    fact = a_transfer()
    late = fact | {"buyer": {"email": an_address("late")}}
    said = [
        Said(TRANSFERRED, fact["transfer_id"], fact, sequence=3),
        Said(TRANSFERRED, fact["transfer_id"], late, sequence=1),
    ]
    await deliver_together(identity, said)

    joined = await identity.published("identity.member.added.v1")
    assert [one["email"] for one in joined if one["organization_id"] == fact["organization"]["id"]] == [
        fact["buyer"]["email"]
    ]


@pytest.mark.parametrize("poison", ["no address", "country"])
async def test_a_bad_customer_among_good_ones_stays_alone(identity: RunningService, poison: str) -> None:
    facts = [a_transfer() for _ in range(5)]
    if poison == "country":
        facts[2]["organization"]["country"] = "Frankreich"
    else:
        facts[2]["buyer"]["email"] = "nobody"
    said = [Said(TRANSFERRED, fact["transfer_id"], fact) for fact in facts]

    assert await deliver_together(identity, said) == ["handled", "handled", "retried", "handled", "handled"]

    organizations = [one["organization_id"] for one in await identity.published("identity.organization.created.v1")]
    for number, fact in enumerate(facts):
        assert organizations.count(fact["organization"]["id"]) == (number != 2)


async def test_deliveries_at_once_never_wait_in_a_circle(identity: RunningService) -> None:
    people = [f"Ö{number}{an_address('circle')}" for number in range(40)]
    organizations = [a_transfer()["organization"] for _ in range(40)]

    def moves(order: list[int]) -> list[Said]:
        facts = [a_transfer(organization=organizations[n], buyer={"email": people[n]}) for n in order]
        return [Said(TRANSFERRED, fact["transfer_id"], fact) for fact in facts]

    def seats(order: list[int]) -> list[Said]:
        facts = [an_assignment(people[n], "org_x") for n in order]
        return [Said(ASSIGNED, fact["assignment"]["id"], fact) for fact in facts]

    async def react(said: list[Said]) -> None:
        reactions = reactions_to(identity, said[0].type.partition(".")[0])
        envelopes = [Envelope.model_validate_json(Delivery(identity, one).data) for one in said]
        async with identity.runtime.database.transaction() as tx:
            for run in in_runs([reactions.by_type[envelope.type].read(envelope) for envelope in envelopes]):
                for event_type, heard in run.items():
                    await reactions.by_type[event_type].handle(tx, heard)

    forth, back = list(range(40)), list(range(40))[::-1]
    await asyncio.gather(*[react(said) for said in (moves(forth), seats(back), moves(back), seats(forth)) * 2])

    emails = {person.lower() for person in people}
    invited: list[Any] = [one["email"] for one in await identity.published("identity.account.invited.v1")]
    assert sorted(email for email in invited if email in emails) == sorted(emails)
