"""What a process may do on the bus: speak under its own name, listen, and nothing that others would suffer from."""

import nats
import pytest
from nats.js.api import StreamConfig
from nats.js.errors import APIError, NoStreamResponseError

from tests.harness.servers import LocalNats


async def connected(url: str) -> nats.NATS:
    """A connection that says nothing of refusals and does not come again."""

    async def silent(error: Exception) -> None:
        return None

    return await nats.connect(url, error_cb=silent, allow_reconnect=False, connect_timeout=2)


async def test_nobody_speaks_under_another_s_name_or_takes_its_events_away(nats_server: LocalNats) -> None:
    administrator = await connected(nats_server.url_of("admin"))
    await administrator.jetstream().add_stream(StreamConfig(name="RIGHTS", subjects=["rights.test"]))
    shop = await connected(nats_server.url_of("shop"))
    js = shop.jetstream(timeout=0.5)

    with pytest.raises((APIError, NoStreamResponseError, TimeoutError, nats.errors.Error)):
        await js.publish("rights.test", b"{}", timeout=0.5)
    with pytest.raises((APIError, TimeoutError, nats.errors.Error)):
        await js.purge_stream("RIGHTS")
    with pytest.raises((APIError, TimeoutError, nats.errors.Error)):
        await js.delete_stream("RIGHTS")

    kept = await administrator.jetstream().stream_info("RIGHTS")
    assert kept.state.messages == 0
    await administrator.jetstream().delete_stream("RIGHTS")
    await shop.close()
    await administrator.close()


async def test_nobody_gives_hints_under_another_s_name(nats_server: LocalNats) -> None:
    listener, shop = await connected(nats_server.url_of("gateway")), await connected(nats_server.url_of("shop"))
    heard = await listener.subscribe("hint.>")
    await listener.flush()

    await shop.publish("hint.identity.tiles", b'["acc_1"]')
    await shop.publish("hint.shop.test", b"[]")
    await shop.flush()

    assert (await heard.next_msg(timeout=2)).subject == "hint.shop.test"
    await shop.close()
    await listener.close()


async def test_the_password_of_one_process_opens_nobody_else_s_door(nats_server: LocalNats) -> None:
    borrowed = nats_server.url_of("shop").replace("//shop:", "//admin:")

    with pytest.raises(nats.errors.Error):
        await connected(borrowed)
