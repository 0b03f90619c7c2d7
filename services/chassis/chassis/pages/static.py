"""Style sheets, scripts and pictures, with an address that changes when their content does."""

import hashlib
from functools import lru_cache
from importlib.resources import files

from fastapi import APIRouter, Request
from starlette.responses import Response

from chassis.ops.brand import Brand, load_brand
from chassis.pages.brand_css import brand_css
from chassis.pages.translations import KIT

BRAND_FILE = "brand.css"
LOGO_FILE = "brand-logo.svg"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
}
FOREVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"


class Assets:
    """The files under `static/` of the kit and of `packages`, and the brand's colours and logo."""

    def __init__(self, *packages: str, brand: Brand) -> None:
        self.packages = (*packages, KIT)
        self.made = {BRAND_FILE: brand_css(brand).encode()}
        if brand.logo_svg:
            self.made[LOGO_FILE] = brand.logo_svg.encode()

    def read(self, name: str) -> bytes | None:
        """The content of `name`, or None; never a path outside the folders."""
        if name in self.made:
            return self.made[name]
        if "/" in name or "\\" in name or name.startswith(".") or name.rpartition(".")[2] not in _TYPES:
            return None
        return next((content for package in self.packages if (content := _read(package, name)) is not None), None)

    def url(self, name: str) -> str:
        """`/static/name?v=…`; raises `FileNotFoundError` so that a typo in a template is loud."""
        content = self.read(name)
        if content is None:
            raise FileNotFoundError(name)
        return f"/static/{name}?v={digest(content)}"


def static_router(*packages: str) -> APIRouter:
    """`GET /static/{name}` for the kit's files and those of `packages`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{name}")
    async def serve(request: Request, name: str) -> Response:
        assets = _assets_of(request, packages)
        content = assets.read(name)
        if content is None:
            return Response(status_code=404)
        return file_response(request, name, content)

    return router


def file_response(request: Request, name: str, content: bytes) -> Response:
    """The file, kept for ever under its versioned address and revalidated by ETag under the plain one."""
    version = digest(content)
    headers = {
        "ETag": f'"{version}"',
        "Cache-Control": FOREVER if request.query_params.get("v") == version else ASK_FIRST,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


@lru_cache(maxsize=256)
def digest(content: bytes) -> str:
    """A short fingerprint of a file's content."""
    return hashlib.sha256(content).hexdigest()[:16]


@lru_cache(maxsize=256)
def _read(package: str, name: str) -> bytes | None:
    file = files(package) / "static" / name
    return file.read_bytes() if file.is_file() else None


def _assets_of(request: Request, packages: tuple[str, ...]) -> Assets:
    state = request.app.state
    if not hasattr(state, "assets"):
        state.assets = Assets(*packages, brand=load_brand(state.runtime.platform))
    return state.assets
