"""Thousands of random steps against a model that knows nothing but days and counts.

The machine buys, renews, shrinks, cancels, assigns, changes, deactivates and lets time pass in one organization, with
the shop's news late and out of order and the timers working only now and then. After each step the database must hold
the promises, and every answer must be the model's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from chassis.db.transaction import Database, Transaction
from chassis.kernel.clock import FrozenClock, day_of
from chassis.kernel.errors import BusinessError
from chassis.kernel.ids import new_id
from licensing.assignments.assign_many import assign_many
from licensing.assignments.change_period import change_period
from licensing.assignments.deactivate import deactivate
from licensing.assignments.lock import lock_assignment
from licensing.assignments.parse_addresses import parse_addresses
from licensing.assignments.reassign import reassign
from licensing.assignments.turn_days import end_next, start_next
from licensing.entitlements.announce import announce_all_changes
from licensing.entitlements.check import check
from licensing.entitlements.rules import Decision
from licensing.entitlements.store import Question
from licensing.main import service
from licensing.subscriptions.follow import follow
from tests.harness.servers import Databases
from tests.licensing.world import Customer, Subscription

EMAILS = [f"p{n}@x.example" for n in range(4)]
STARTS = st.sampled_from([0, 0, 0, -1, 1, 2, 3, 4, 6, 9])
LENGTHS = st.sampled_from([None, 0, 1, 2, 3, 5, 8])
START = datetime(2027, 2, 5, 9, 0, tzinfo=UTC)
FOREVER = date(2099, 1, 1)
STEPS = 2000
STORED = text("SELECT id, seat_no, email, first_day, until_day FROM assignments")
COUNTED = text(
    "SELECT l.id, l.quantity, l.over_quantity, count(*) AS live FROM licenses l JOIN seats s "
    "ON s.license_id = l.id AND s.retired_at IS NULL WHERE l.ended_at IS NULL GROUP BY l.id"
)
NEWS = ["renewed", "renewed", "resized", "resized", "cancelled", "cancel_undone", "past_due", "ended"]
RENEWAL_MARGIN = timedelta(days=7)
ONE_DAY = timedelta(days=1)


@dataclass
class Held:
    """A seat in the model: an address, days, and whether it was taken away."""

    id: str
    license: "Bought"
    email: str
    first: date
    last: date | None
    closed: bool = False
    cut: date | None = None

    @property
    def until(self) -> date:
        """The last day, with an open end bounded by what is known of the license."""
        ends = [day for day in (self.last, self.cut, self.license.bound) if day is not None]
        return min(ends, default=FOREVER)

    def takes(self, day: date) -> bool:
        """Whether the seat is taken on the day."""
        return not self.closed and self.first <= day <= self.until


@dataclass
class Bought:
    """A license in the model."""

    subscription: Subscription
    sequence: int = 1
    waiting: list[tuple[int, Subscription, dict[str, Any]]] = field(default_factory=list)
    told: int = 1
    id: str = ""
    ended: bool = False

    @property
    def bound(self) -> date | None:
        """The last day of open ends; None while it renews."""
        renews = not self.subscription.cancel_at_term_end and not self.ended
        return None if renews else self.subscription.last_day

    def status(self, today: date) -> str:
        """What the license gives today."""
        s = self.subscription
        if self.ended:
            return "ended"
        if s.status == "past_due":
            return "grace" if today <= (s.grace_until or s.last_day) else "suspended"
        if today <= s.last_day:
            return "active"
        if s.cancel_at_term_end:
            return "ended"
        return "grace" if today <= s.last_day + RENEWAL_MARGIN else "suspended"


class Seats(RuleBasedStateMachine):
    """One organization's licenses of one product."""

    runner: ClassVar[asyncio.Runner]
    database: ClassVar[Database]
    clock: ClassVar[FrozenClock]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.clock.set(START)
        self.customer = Customer(time_zone="America/Los_Angeles")
        self.licenses: list[Bought] = []
        self.held: list[Held] = []

    def teardown(self) -> None:
        """Leave nothing for the next run."""
        self._do(
            lambda tx: tx.execute(text("TRUNCATE licenses, seats, assignments, usages, entitlement_changes, jobs"))
        )

    @property
    def today(self) -> date:
        """The organization's day."""
        return day_of(self.clock.now(), self.customer.time_zone)

    def _do(self, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            async with self.database.transaction(actor="user:acc_test") as tx:
                return await work(tx)

        type(self).steps += 1
        return self.runner.run(run())

    @initialize(quantity=st.integers(1, 3))
    def buy_first(self, quantity: int) -> None:
        """There is always one license."""
        self._buy(quantity)

    @precondition(lambda self: sum(b.status(self.today) in ("active", "grace") for b in self.licenses) < 2)
    @rule(quantity=st.integers(1, 3))
    def buy(self, quantity: int) -> None:
        """Another subscription of the same product."""
        self._buy(quantity)

    def _buy(self, quantity: int) -> None:
        subscription = Subscription(
            self.customer, self.today, self.today + timedelta(days=29), quantity=quantity, id=new_id("sub")
        )
        bought = Bought(subscription)
        before = self._assignment_ids()
        self._tell(bought, 1, subscription, {})
        self.licenses.append(bought)
        bought.id = self._do(
            lambda tx: tx.scalar(text("SELECT id FROM licenses WHERE subscription_id = :id"), {"id": subscription.id})
        )
        automatic = self._assignment_ids() - before
        assert len(automatic) <= 1
        for assignment_id in automatic:
            assert not self._is_held(self.customer.buyer_email, self.today, FOREVER)
            self.held.append(Held(assignment_id, bought, self.customer.buyer_email, self.today, None))

    def _assignment_ids(self) -> set[str]:
        rows = self._do(lambda tx: tx.all(text("SELECT id FROM assignments")))
        return {row.id for row in rows}

    def _tell(self, bought: Bought, sequence: int, subscription: Subscription, more: dict[str, Any]) -> None:
        self._do(lambda tx: follow(tx, [subscription.heard(sequence=sequence, at=tx.now, **more)]))

    def _news(self, bought: Bought, is_late: bool, **changes: Any) -> None:
        """The shop changes the subscription; licensing hears of it now, or after a newer change."""
        newest = bought.waiting[-1][1] if bought.waiting else bought.subscription
        bought.sequence += 1
        news = (bought.sequence, replace(newest, **changes), {})
        if is_late:
            bought.waiting.append(news)
            return
        late, bought.waiting = bought.waiting, []
        self._hear(bought, *news)
        for stale in late:
            self._tell(bought, *stale)

    def _hear(self, bought: Bought, sequence: int, subscription: Subscription, more: dict[str, Any]) -> None:
        before = bought.bound
        self._tell(bought, sequence, subscription, more)
        bought.subscription = subscription
        bought.ended = subscription.status == "ended"
        for held in self._open(bought):
            held.closed = held.closed or bought.ended
        if bought.bound != before:
            for held in self._open(bought):
                held.cut = self._next_day_of(held)

    def _next_day_of(self, mine: Held) -> date | None:
        others = [o.first for o in self.held if o is not mine and not o.closed and o.email == mine.email]
        later = [first for first in others if first > mine.first]
        return min(later) - ONE_DAY if later and mine.last is None else None

    def _pick(self, data: st.DataObject) -> Bought:
        """Mostly a license that gives access."""
        alive = [b for b in self.licenses if b.status(self.today) in ("active", "grace")]
        return data.draw(st.sampled_from(alive * 4 + self.licenses))

    def _open(self, bought: Bought | None = None) -> list[Held]:
        return [h for h in self.held if not h.closed and bought in (None, h.license)]

    @rule(data=st.data(), kind=st.sampled_from(NEWS), number=st.integers(0, 6), is_late=st.booleans())
    def hear_news(self, data: st.DataObject, kind: str, number: int, is_late: bool) -> None:
        """The shop has something to tell, as far as it makes sense for the subscription."""
        bought = self._pick(data)
        newest = bought.waiting[-1][1] if bought.waiting else bought.subscription
        runs = newest.status != "ended" and self.today <= newest.last_day
        match kind:
            case "renewed" if newest.status != "ended" and not newest.cancel_at_term_end:
                first = newest.last_day + ONE_DAY
                last = max(first, self.today) + timedelta(days=29)
                self._news(bought, is_late, status="active", grace_until=None, first_day=first, last_day=last)
            case "resized" if newest.status != "ended":
                self._news(bought, is_late, quantity=1 + number % 4)
            case "cancelled" if runs:
                self._news(bought, is_late, cancel_at_term_end=True)
            case "cancel_undone" if runs:
                self._news(bought, is_late, cancel_at_term_end=False)
            case "past_due" if newest.status == "active" and not newest.cancel_at_term_end:
                grace_until = self.today + timedelta(days=number)
                self._news(bought, is_late, status="past_due", grace_until=grace_until)
            case "ended" if newest.status != "ended" and not bought.waiting and len(self.licenses) > 1:
                self._news(bought, False, status="ended")

    @rule(
        data=st.data(),
        emails=st.lists(st.sampled_from(EMAILS), min_size=1, max_size=4),
        start=STARTS,
        length=LENGTHS,
    )
    def assign(self, data: st.DataObject, emails: list[str], start: int, length: int | None) -> None:
        """Several addresses at once; every answer is foreseen."""
        self._assign(self._pick(data), emails, start, length)

    @rule(data=st.data(), email=st.sampled_from(EMAILS), start=st.integers(1, 9), length=st.integers(0, 4))
    def assign_some_days(self, data: st.DataObject, email: str, start: int, length: int) -> None:
        """A few days ahead: the puzzle of who sits where."""
        self._assign(self._pick(data), [email], start, length)

    def _assign(self, bought: Bought, emails: list[str], start: int, length: int | None) -> None:
        first = self.today + timedelta(days=start)
        last = None if length is None else first + timedelta(days=length)
        answers = self._do(
            lambda tx: assign_many(
                tx,
                license_id=bought.id,
                organization_id=self.customer.id,
                entries=parse_addresses(emails),
                first_day=first,
                last_day=last,
            )
        )
        seen: set[str] = set()
        for answer in answers:
            wanted = Held("", bought, answer.entry.email, first, last)
            assert answer.code == self._refusal(wanted, seen), (wanted, answer)
            seen.add(answer.entry.email)
            if answer.assignment is not None:
                self.held.append(replace(wanted, id=answer.assignment.id))

    def _refusal(self, wanted: Held, seen: set[str]) -> str | None:
        bought, term = wanted.license, wanted.license.subscription
        if wanted.email in seen:
            return "duplicate_in_input"
        if bought.status(self.today) not in ("active", "grace"):
            return "license_not_active"
        if wanted.first < self.today:
            return "period_in_past"
        if max(wanted.first, wanted.last or wanted.first) > term.last_day:
            return "outside_license_term"
        if self._is_held(wanted.email, wanted.first, wanted.until):
            return "already_assigned"
        return None if self._has_room(wanted) else "no_free_seat"

    def _is_held(self, email: str, first: date, last: date, but: Held | None = None) -> bool:
        return any(h.first <= last and first <= h.until for h in self._open() if h.email == email and h is not but)

    def _turns(self, bought: Bought) -> list[date]:
        firsts = [h.first for h in self._open(bought)] + [self.today]
        return [day for day in firsts if day >= self.today]

    def _holders(self, bought: Bought, day: date, but: Held | None = None) -> int:
        return sum(h.takes(day) for h in self._open(bought) if h is not but)

    def _is_over(self, bought: Bought) -> bool:
        quantity = bought.subscription.quantity
        return any(self._holders(bought, day) > quantity for day in self._turns(bought))

    def _has_room(self, wanted: Held, but: Held | None = None) -> bool:
        """A day at which most are there is a day on which somebody begins."""
        if self._is_over(wanted.license):
            return False
        days = [wanted.first, *[day for day in self._turns(wanted.license) if wanted.first <= day <= wanted.until]]
        quantity = wanted.license.subscription.quantity
        return all(self._holders(wanted.license, day, but) < quantity for day in days if day >= self.today)

    @precondition(lambda self: any(True for _ in self._living()))
    @rule(data=st.data(), start=STARTS.filter(lambda days: days >= 0), length=LENGTHS, keeps_start=st.booleans())
    def change_days(self, data: st.DataObject, start: int, length: int | None, keeps_start: bool) -> None:
        """Other days for an assignment."""
        mine = self._pick_held(data)
        first = mine.first if keeps_start else self.today + timedelta(days=start)
        last = None if length is None else max(first, self.today) + timedelta(days=length)
        if (first, last) == (mine.first, mine.last):
            return
        wanted = replace(mine, first=first, last=last, cut=None)
        expected = self._change_refusal(mine, wanted)

        async def work(tx: Transaction) -> None:
            in_hand = await lock_assignment(tx, mine.id, organization_id=self.customer.id)
            await change_period(tx, in_hand, first_day=first, last_day=last)

        assert self._attempt(work) == expected, (mine, wanted)
        if expected is None:
            mine.first, mine.last, mine.cut = first, last, None

    def _change_refusal(self, mine: Held, wanted: Held) -> str | None:
        term = wanted.license.subscription
        has_begun = mine.first < self.today and wanted.first == mine.first
        ends_later = wanted.last is not None and wanted.last > term.last_day and wanted.last != mine.last
        if has_begun and ends_later:
            return "invalid-input"
        if not has_begun and max(wanted.first, wanted.last or wanted.first) > term.last_day:
            return "invalid-input"
        if self._is_held(wanted.email, wanted.first, wanted.until, but=mine):
            return "already-assigned"
        if self._was_over(wanted.license):
            is_within = mine.first <= wanted.first and wanted.until <= mine.until
            return None if is_within else "no-free-seat"
        days = [wanted.first, *[d for d in self._turns(wanted.license) if wanted.first <= d <= wanted.until]]
        quantity = wanted.license.subscription.quantity
        fits = all(self._holders(wanted.license, d, mine) < quantity for d in days if d >= self.today)
        return None if fits else "no-free-seat"

    def _was_over(self, bought: Bought) -> bool:
        """Whether the service still counts seats too many; time alone may have mended it, which it then notes later."""
        found = self._do(
            lambda tx: tx.scalar(text("SELECT over_quantity FROM licenses WHERE id = :id"), {"id": bought.id})
        )
        assert found or not self._is_over(bought)
        return bool(found)

    def _attempt(self, work: Callable[[Transaction], Awaitable[Any]]) -> str | None:
        try:
            self._do(work)
        except BusinessError as refusal:
            return refusal.code
        return None

    def _living(self) -> Iterator[Held]:
        return (h for h in self._open() if h.until >= self.today)

    @precondition(lambda self: any(True for _ in self._living()))
    @rule(data=st.data(), email=st.none() | st.sampled_from(EMAILS))
    def take_away(self, data: st.DataObject, email: str | None) -> None:
        """Access ends now; with an address, somebody else gets the seat."""
        mine = self._pick_held(data)
        if email is None:
            self._deactivate(mine)
        else:
            self._hand_over(mine, email)

    def _pick_held(self, data: st.DataObject) -> Held:
        return data.draw(st.sampled_from(list(self._living())))

    def _deactivate(self, mine: Held) -> None:
        async def work(tx: Transaction) -> None:
            await deactivate(tx, await lock_assignment(tx, mine.id, organization_id=None))

        assert self._attempt(work) is None
        mine.closed = True

    def _hand_over(self, mine: Held, email: str) -> None:
        first = max(mine.first, self.today)
        expected = "already-assigned" if self._is_held(email, first, mine.until) else None
        made: list[str] = []

        async def work(tx: Transaction) -> None:
            in_hand = await lock_assignment(tx, mine.id, organization_id=None)
            made.append((await reassign(tx, in_hand, email=email)).id)

        assert self._attempt(work) == expected
        if expected is None:
            mine.closed = True
            self.held.append(Held(made[0], mine.license, email, first, mine.last, cut=mine.cut))

    @rule(hours=st.sampled_from([1, 9, 24, 24, 48, 96]), timers_work=st.booleans())
    def let_time_pass(self, hours: int, timers_work: bool) -> None:
        """The clock goes on; the timers may be away."""
        self.clock.advance(timedelta(hours=hours))
        if timers_work:
            while self._do(start_next):
                pass
            while self._do(end_next):
                pass

    @rule()
    def announce(self) -> None:
        """What is announced is what is true."""
        self.runner.run(announce_all_changes(self.database))

    @invariant()
    def promises_hold_and_answers_are_the_models(self) -> None:
        """Nobody twice, no seat twice, never more holders than seats; access and days are the model's."""
        emails = [*EMAILS, self.customer.buyer_email]
        questions = [Question(email, "cad-pro", self.customer.id) for email in emails]

        async def look() -> tuple[Any, ...]:
            async with self.database.read() as reader:
                return await check(reader, questions), await reader.all(STORED), await reader.all(COUNTED)

        decisions, stored, counted = self.runner.run(look())
        for email, decision in zip(emails, decisions, strict=True):
            self._is_the_models(email, decision)
        self._days_are_the_models({row.id: row for row in stored})
        self._seats_are_counted(counted)

    def _is_the_models(self, email: str, decision: Decision) -> None:
        given = {h.license.status(self.today) for h in self._open() if h.email == email and h.takes(self.today)}
        expected = "assigned" if "active" in given else "grace" if "grace" in given else None
        assert (decision.reason if decision.allowed else None) == expected, (email, decision, given)

    def _days_are_the_models(self, stored: dict[str, Any]) -> None:
        living = list(self._living())
        for held in living:
            row = stored[held.id]
            assert (row.first_day, row.until_day or FOREVER) == (held.first, held.until), (row, held)
        for day in {self.today, *[h.first for h in living]}:
            there = [stored[h.id] for h in living if h.takes(day)]
            assert len({row.seat_no for row in there}) == len(there)
            assert len({row.email for row in there}) == len(there)

    def _seats_are_counted(self, counted: list[Any]) -> None:
        most = {b.id: max(self._holders(b, day) for day in self._turns(b)) for b in self.licenses}
        for row in counted:
            assert row.live == row.quantity + row.over_quantity
            assert most[row.id] <= row.live


@pytest.fixture(scope="module")
def machine(databases: Databases) -> Iterator[type[Seats]]:
    """The machine on a database of its own, in an event loop of its own."""
    with asyncio.Runner() as runner:
        url = runner.run(databases.fresh(service))
        Seats.runner, Seats.clock = runner, FrozenClock(START)
        Seats.database = Database(url, metadata=service.metadata, service="licensing", clock=Seats.clock)
        yield Seats
        runner.run(Seats.database.close())


def test_whatever_happens_the_promises_hold_and_the_answers_are_right(machine: type[Seats]) -> None:
    """Stories of up to sixty steps, until there were enough steps: how long they get differs with what is loaded."""
    stories = settings(
        max_examples=20,
        stateful_step_count=60,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for number in range(10):
        run_state_machine_as_test(seed(number)(machine), settings=stories)
        if machine.steps > STEPS:
            return

    pytest.fail(f"Only {machine.steps} steps in two hundred stories.")
