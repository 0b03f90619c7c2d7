"""One list of reactions per publisher: a service has one durable consumer for each."""

from chassis.bus.reactions import Reactions


def together(*lists: Reactions) -> list[Reactions]:
    """Join lists of the same publisher. Raises ValueError when two of them react to one type."""
    joined: dict[str, Reactions] = {}
    for each in lists:
        whole = joined.setdefault(each.publisher, Reactions(each.publisher))
        for event_type, reaction in each.by_type.items():
            whole.add(event_type, reaction)
    return list(joined.values())
