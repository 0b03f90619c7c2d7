"""Events that came together: by type, and no subject's events change places."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.bus.reactions import Heard, Reaction, Reactions, in_runs
from chassis.facts import Envelope, Fact


def heard(*events: str) -> list[Heard[Any]]:
    """`a1` is an event of type a and subject 1; the number in the sequence is its place in the list."""
    return [
        Heard(
            Fact(),
            Envelope(
                id=f"{number}",
                source="/shop",
                type=event[0],
                subject=event[1],
                time=datetime.now(UTC),
                sequence=number,
                data={},
            ),
        )
        for number, event in enumerate(events)
    ]


def names(runs: list[dict[str, list[Heard[Any]]]]) -> list[list[str]]:
    return [[one.envelope.type + one.envelope.subject for group in run.values() for one in group] for run in runs]


def test_events_of_one_type_come_together() -> None:
    assert names(list(in_runs(heard("a1", "b2", "a3", "b4")))) == [["a1", "a3", "b2", "b4"]]


def test_types_of_one_subject_keep_their_order_within_a_run() -> None:
    assert names(list(in_runs(heard("a1", "b1", "a2", "b2")))) == [["a1", "a2", "b1", "b2"]]


def test_a_run_ends_where_a_subject_would_be_turned_round() -> None:
    assert names(list(in_runs(heard("a1", "b2", "a2", "b3")))) == [["a1", "b2"], ["a2", "b3"]]


@given(st.lists(st.sampled_from([kind + subject for kind in "abc" for subject in "123"]), max_size=30))
def test_every_event_comes_once_and_each_subject_in_its_order(events: list[str]) -> None:
    ordered = [one for run in in_runs(heard(*events)) for group in run.values() for one in group]

    assert sorted(one.envelope.sequence for one in ordered) == list(range(len(events)))
    for subject in "123":
        places = [one.envelope.sequence for one in ordered if one.envelope.subject == subject]
        assert places == sorted(places)


def test_one_type_has_one_reaction() -> None:
    async def handle(tx: Any, heard: list[Heard[Any]]) -> None:
        raise AssertionError

    reactions = Reactions("shop")
    reactions.add("shop.a.b.v1", Reaction(Fact, handle))

    with pytest.raises(ValueError, match="Two reactions"):
        reactions.on_many("shop.a.b.v1", Fact)(handle)
