"""The customers of a wave, and all that the shop and identity may say of them."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from chassis.kernel.ids import new_id
from tests.harness.batches import Said, deliver_together
from tests.licensing.world import Customer, Subscription, World

TRANSFERRED = "shop.transfer.transferred.v1"
ROLLED_BACK = "shop.transfer.rolled_back.v1"
MOVED = "shop.subscription.transferred.v1"
PRODUCTS = ("cad-pro", "data-plus")

STATE = {
    "organizations": "SELECT id, name, time_zone, country, region FROM organizations WHERE id LIKE :mine",
    "transfers": "SELECT id, state, sequence, buyer_email FROM transfers WHERE id LIKE :mine",
    "licenses": (
        "SELECT organization_id, product_code, origin, subscription_id, legacy_id, buyer_email, starts_on, first_day, "
        "last_day, renews, past_due, grace_until, ended_reason, quantity, over_quantity, units_total, units_used, "
        "access_from, assured_until, access_until, lapse, announced, look_again_at, sequence "
        "FROM licenses WHERE organization_id LIKE :mine"
    ),
    "seats": (
        "SELECT l.subscription_id, s.slot, s.is_live FROM seats s JOIN licenses l ON l.id = s.license_id "
        "WHERE l.organization_id LIKE :mine"
    ),
    "assignments": (
        "SELECT organization_id, product_code, email, first_day, last_day, until_day, starts_at, ends_at, automatic, "
        "state, created_by, closed_reason FROM assignments WHERE organization_id LIKE :mine"
    ),
    "history": "SELECT organization_id, action, actor, details FROM history WHERE organization_id LIKE :mine",
}


class Wave:
    """The events of some customers; two waves of one seed differ in nothing but the mark in their ids.

    A plain one has nothing in which the order of events counts: no roll-backs, no two subscriptions of a product, of
    which the first gives the buyer a seat, and none whose term was over before it came, which gives none.
    """

    def __init__(self, world: World, mark: str, seed: int, *, is_plain: bool = False) -> None:
        self.world = world
        self.mark = mark
        self.is_plain = is_plain
        self.chance = random.Random(seed)
        self.began = world.now() - timedelta(days=1)

    def news(self) -> list[Said]:
        """Customers move, with all that may follow soon; some of it twice; in any order."""
        said = [one for number in range(14) for one in self._news_of(number)]
        said += self.chance.sample(said, 8)
        said += [replace(one, id=new_id("evt")) for one in self.chance.sample(said, 8)]
        self.chance.shuffle(said)
        return said

    def second_attempts(self) -> list[Said]:
        """A week later some transfers are begun anew, whatever became of them."""
        said = [one for number in range(0, 14, 3) for one in self._attempt(number, 2)]
        self.chance.shuffle(said)
        return said

    def _news_of(self, number: int) -> Iterator[Said]:
        yield from self._attempt(number, 1)
        yield self._organization(number, 0, "UTC")
        if self.chance.random() < 0.5:
            yield self._organization(number, 90, self.chance.choice(["Europe/Paris", "Asia/Tokyo"]))
        if self.chance.random() < 0.3 and not self.is_plain:
            yield self._transfer(ROLLED_BACK, number, sequence=3, minutes=100)

    def _attempt(self, number: int, attempt: int) -> Iterator[Said]:
        chance = random.Random(f"{number}")
        minutes = 10_000 * (attempt - 1)
        yield self._transfer("shop.transfer.announced.v1", number, sequence=4 * attempt - 3, minutes=minutes)
        yield self._transfer(TRANSFERRED, number, sequence=4 * attempt - 2, minutes=minutes + 10)
        for index in range(chance.randint(1, 2 if self.is_plain else 4)):
            subscription = self.subscription(number, index, chance)
            yield self._subscription("transferred", subscription, 4 * attempt - 3, minutes + 11)
            if chance.random() < 0.5:
                further = replace(subscription, quantity=subscription.quantity + chance.choice((0, 2)))
                further = replace(further, last_day=further.last_day + timedelta(days=chance.choice((0, 365))))
                yield self._subscription(
                    chance.choice(("renewed", "quantity_changed")), further, 4 * attempt - 2, minutes + 20
                )
                if chance.random() < 0.3:
                    over = replace(further, status=chance.choice(("ended", "past_due")))
                    yield self._subscription("ended", over, 4 * attempt - 1, minutes + 30)

    def customer(self, number: int) -> Customer:
        """One of few buyers, who buys for several organizations."""
        email = f"p{number % 9}@{self.mark}.example"
        return Customer(id=f"org_{self.mark}_{number}", time_zone="Europe/Berlin", buyer_email=email)

    def subscription(self, number: int, index: int, chance: random.Random) -> Subscription:
        """One of a customer's subscriptions; several are for the same product."""
        today = self.world.today()
        first_day = today - timedelta(days=chance.choice((-2, 0, 100)))
        return Subscription(
            self.customer(number),
            first_day,
            first_day + timedelta(days=chance.choice((200, 365) if self.is_plain else (3, 200, 365))),
            quantity=chance.randint(1, 4),
            product_code=PRODUCTS[index] if self.is_plain else chance.choice(PRODUCTS),
            id=f"sub_{self.mark}_{number}_{index}",
            number=f"S-{number}-{index}",
            cancel_at_term_end=chance.random() < 0.3,
            origin="transferred",
            transfer_id=f"trf_{self.mark}_{number}",
        )

    def _subscription(self, name: str, subscription: Subscription, sequence: int, minutes: int) -> Said:
        data = subscription.news()
        return Said(f"shop.subscription.{name}.v1", subscription.id, data, sequence, at=self._at(minutes))

    def _transfer(self, name: str, number: int, *, sequence: int, minutes: int) -> Said:
        customer = self.customer(number)
        today = self.world.today()
        one_offs = [
            {
                "legacy_id": f"leg_{index}",
                "product_code": "repair-data",
                "quantity": 1,
                "first_day": str(today - timedelta(days=100)),
                "last_day": None,
                "units_total": 10 * index or None,
                "units_used": 4 * index or None,
                "applications": ["repair"],
            }
            for index in range(number % 3)
        ]
        data = {
            "transfer_id": f"trf_{self.mark}_{number}",
            "organization": customer.organization,
            "buyer": customer.buyer,
            "one_offs": one_offs,
        }
        return Said(name, data["transfer_id"], data, sequence, at=self._at(minutes))

    def _organization(self, number: int, minutes: int, time_zone: str) -> Said:
        data = {
            "organization_id": self.customer(number).id,
            "name": f"Firma {number}, {time_zone}",
            "country": "DE",
            "time_zone": time_zone,
        }
        sequence = minutes + 1
        kind = f"identity.organization.{'changed' if minutes else 'created'}.v1"
        return Said(kind, data["organization_id"], data, sequence, at=self._at(minutes))

    def _at(self, minutes: int) -> datetime:
        return self.began + timedelta(minutes=minutes)

    async def deliver(self, batches: Iterable[list[Said]]) -> None:
        """Hand the batches over."""
        for batch in batches:
            assert set(await deliver_together(self.world.service, batch)) == {"handled"}

    async def state(self, *names: str) -> dict[str, list[str]]:
        """All that licensing knows of this wave, without its mark."""
        found = {}
        async with self.world.service.runtime.database.read() as reader:
            for name in names or STATE:
                rows = await reader.all(text(STATE[name]), {"mine": f"%{self.mark}%"})
                found[name] = sorted(str(tuple(row)).replace(self.mark, "") for row in rows)
        return found

    async def access(self) -> list[str]:
        """What the newest snapshots of access say, without ids that were minted."""
        newest: dict[str, str] = {}
        await self.world.service.work()
        for one in await self.world.service.published("licensing.entitlement.changed.v1"):
            if self.mark in one["email"]:
                grants = [{k: v for k, v in grant.items() if not k.endswith("ment_id")} for grant in one["grants"]]
                spans = sorted((g["organization_id"], g["reason"], g["valid_from"], g["valid_until"]) for g in grants)
                newest[f"{one['email']} {one['product_code']}"] = str(spans)
        return sorted(f"{key}: {value}".replace(self.mark, "") for key, value in newest.items())
