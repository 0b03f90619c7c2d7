"""The streams and durables, made when absent and adjusted when they differ: one stream per publisher."""

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

PUBLISHERS = ("identity", "shop", "licensing", "notifications")
DAY = 24 * 3600


def stream_name(publisher: str) -> str:
    """The stream that carries a publisher's events."""
    return publisher.upper()


def stream_config(publisher: str) -> StreamConfig:
    """Thirty days of a publisher's events on disk, ten minutes of duplicate suppression."""
    return StreamConfig(
        name=stream_name(publisher),
        subjects=[f"{publisher}.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_age=30 * DAY,
        max_msg_size=1024 * 1024,
        duplicate_window=600,
        allow_direct=True,
        num_replicas=1,
    )


async def ensure_stream(js: JetStreamContext, publisher: str) -> None:
    """Have the publisher's stream exist."""
    wanted = stream_config(publisher)
    try:
        await js.stream_info(stream_name(publisher))
    except NotFoundError:
        await js.add_stream(config=wanted)


async def ensure_durable(js: JetStreamContext, *, durable: str, publisher: str, subjects: list[str]) -> None:
    """Have the durable pull consumer exist with just these subjects; create or update."""
    await js.add_consumer(
        stream_name(publisher),
        config=ConsumerConfig(
            durable_name=durable,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=30,
            max_deliver=-1,
            max_ack_pending=1000,
            filter_subjects=sorted(subjects),
        ),
    )
