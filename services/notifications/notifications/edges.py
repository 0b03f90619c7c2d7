"""The outside parts of this service, opened for the life of the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from chassis.ops.brand import load_brand
from notifications.delivery.links import IdentityLinks
from notifications.delivery.outbound import Outbound, Traffic
from notifications.delivery.smtp import SmtpMailer
from notifications.templates.render import Renderer
from notifications.webhooks.deliver import Postman
from notifications.webhooks.sealing import Seal


@dataclass
class Edges:
    """Mails leave by `mail`, webhooks by `postman`; `seal` encrypts signing secrets."""

    mail: Outbound
    postman: Postman
    seal: Seal


@asynccontextmanager
async def open_edges(runtime: Any) -> AsyncIterator[Edges]:
    """Open mailer, renderer and clients; at the end no mail and no delivery is left half-way."""
    http = httpx.AsyncClient(timeout=runtime.settings.webhook_timeout_seconds, follow_redirects=False, trust_env=False)
    edges = Edges(mail=_outbound(runtime), postman=Postman(runtime, http), seal=Seal(runtime.settings.secrets_key))
    try:
        yield edges
    finally:
        await edges.mail.traffic.stop()
        await edges.mail.mailer.close()
        await edges.postman.stop()
        await http.aclose()


def _outbound(runtime: Any) -> Outbound:
    brand = load_brand(runtime.platform)
    domain = runtime.settings.message_id_domain or brand.sender_address.rpartition("@")[2]
    return Outbound(
        brand=brand,
        renderer=Renderer(brand, runtime.platform.public_url),
        mailer=SmtpMailer(runtime.settings, helo=domain),
        links=IdentityLinks(runtime.clients, runtime.platform.identity_url),
        message_id_domain=domain,
        traffic=Traffic(runtime.settings.mails_per_second),
    )
