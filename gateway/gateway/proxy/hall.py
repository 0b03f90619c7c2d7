"""What the front door needs at hand, gathered once when the process starts."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from chassis.ops.brand import load_brand
from chassis.pages.origin import origin_of
from chassis.pages.static import Assets
from chassis.runtime import Runtime
from gateway.edges import Edges
from gateway.limits.limits import Limits
from gateway.proxy.credentials import Credentials, without_session
from gateway.proxy.forward import Forwarder, Service
from gateway.proxy.incoming import Incoming
from gateway.proxy.outgoing import SESSION_COOKIES
from gateway.routes import Route, route_of
from gateway.settings import GatewaySettings

STATIC = "/static/"
STATIC_OF_IDENTITY = Route("identity", kind="identity")


@dataclass(frozen=True, slots=True)
class Hall:
    """One per process."""

    settings: GatewaySettings
    public_url: str
    public_host: str
    public_scheme: str
    is_secure: bool
    limits: Limits
    credentials: Credentials
    forwarder: Forwarder
    services: dict[str, Service]
    assets: Assets

    @classmethod
    def of(cls, runtime: Runtime) -> "Hall":
        """The hall of a running gateway."""
        edges: Edges = runtime.edges
        platform, settings = runtime.platform, runtime.settings
        public = urlsplit(platform.public_url)
        limits = Limits(settings, is_production=platform.is_production)
        return cls(
            settings=settings,
            public_url=platform.public_url,
            public_host=public.netloc,
            public_scheme=public.scheme,
            is_secure=platform.is_secure,
            limits=limits,
            credentials=Credentials(edges.desk, limits, origin_of(platform.public_url)),
            forwarder=Forwarder(edges.client, max_in_flight=settings.max_in_flight),
            services={name: Service(name, url) for name, url in edges.services.items()},
            assets=Assets("gateway.pages", brand=load_brand(platform)),
        )

    def cookies_for_identity(self, request: Incoming) -> str:
        """The cookies that are not the gateway's own."""
        return without_session(request.text(b"cookie") or "", SESSION_COOKIES)

    def route_of(self, path: str) -> Route | None:
        """Where a request goes. Files of pages that the gateway does not have itself are identity's."""
        if path.startswith(STATIC):
            return None if self.assets.read(path[len(STATIC) :]) is not None else STATIC_OF_IDENTITY
        return route_of(path)
