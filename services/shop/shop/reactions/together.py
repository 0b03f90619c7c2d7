"""One list of reactions per publisher: a service has one durable consumer for each."""

from chassis.bus.consumer import Reactions


def together(*lists: Reactions) -> list[Reactions]:
    """Join lists of the same publisher. Raises ValueError when two of them react to one type."""
    joined: dict[str, Reactions] = {}
    for each in lists:
        whole = joined.setdefault(each.publisher, Reactions(each.publisher))
        for event_type, reaction in each.by_type.items():
            whole.on(event_type, reaction.model)(reaction.handle)
    return list(joined.values())
