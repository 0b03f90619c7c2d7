"""What the gateway holds open while it runs: its clients of the services and of the provider, its session desk."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from chassis.runtime import Runtime
from gateway.changes.streams import Streams
from gateway.provider.client import Provider
from gateway.sessions.cache import SessionCache
from gateway.sessions.cipher import Cipher, load_key
from gateway.sessions.desk import SessionDesk
from gateway.settings import GatewaySettings
from gateway.upstream import Upstream

TILES_CHANGED = "hint.identity.tiles"
KEEP_ALIVE_SECONDS = 3
"""Shorter than the services keep an idle connection, so that a request never meets one that is just closing."""


@dataclass(frozen=True, slots=True)
class Edges:
    """One per process."""

    desk: SessionDesk
    provider: Provider
    client: aiohttp.ClientSession
    upstream: Upstream
    services: Mapping[str, str]
    streams: Streams


@asynccontextmanager
async def edges(runtime: Runtime) -> AsyncIterator[Edges]:
    """Open the edges for as long as the process serves."""
    settings: GatewaySettings = runtime.settings
    provider = Provider(runtime.http, runtime.platform, settings)
    desk = SessionDesk(
        database=runtime.database,
        provider=provider,
        cipher=Cipher(load_key(settings.encryption_key, runtime.platform.data_dir / "gateway" / "session.key")),
        cache=SessionCache(settings.session_cache_seconds),
        revocations=runtime.revocations,
        settings=settings,
        is_secure=runtime.platform.is_secure,
    )
    services = services_of(runtime)
    async with _client(settings) as client:
        yield Edges(
            desk=desk,
            provider=provider,
            client=client,
            upstream=Upstream(client, desk, services),
            services=services,
            streams=_streams(runtime),
        )


def _streams(runtime: Runtime) -> Streams:
    """Open pages hear hints of identity, and the end of their sessions, for themselves."""
    settings: GatewaySettings = runtime.settings
    streams = Streams(per_session=settings.streams_per_session, in_all=settings.streams_in_all)
    runtime.hints.listen(TILES_CHANGED, streams.tell)
    runtime.revocation_listener.on_revoked = streams.note_end
    return streams


def services_of(runtime: Runtime) -> Mapping[str, str]:
    """Name and inner address of each service."""
    platform = runtime.platform
    return {
        "identity": platform.identity_url,
        "shop": platform.shop_url,
        "licensing": platform.licensing_url,
        "notifications": platform.notifications_url,
    }


def _client(settings: GatewaySettings) -> aiohttp.ClientSession:
    """No cookies of its own, no redirects, no decoding: what a service says reaches the browser as it is."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS, ttl_dns_cache=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(
            total=None, sock_connect=settings.connect_seconds, sock_read=settings.answer_seconds
        ),
        skip_auto_headers={"User-Agent", "Accept", "Accept-Encoding", "Content-Type"},
    )
