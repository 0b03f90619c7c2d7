"""Somebody with a browser without scripts: follows links, fills in forms, keeps cookies."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx


@dataclass
class Form:
    """A form of a page: where it goes and what it would send."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None and tag in ("input", "button", "textarea", "select"):
            self._note(tag, values)
        elif tag == "option" and self._open is not None and self._select:
            self._note_option(self._open, self._select, values)

    def _note_option(self, form: Form, select: str, values: dict[str, str]) -> None:
        if select not in form.fields or "selected" in values:
            form.fields[select] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None

    def _note(self, tag: str, values: dict[str, str]) -> None:
        assert self._open is not None
        name = values.get("name")
        if not name:
            return
        self._open.names.add(name)
        kind = values.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "input" and (kind not in ("checkbox", "radio", "submit", "file") or "checked" in values):
            self._open.fields[name] = values.get("value", "")


class Visitor:
    """One browser."""

    def __init__(self, public_url: str) -> None:
        self.public_url = public_url
        self.http = httpx.Client(base_url=public_url, follow_redirects=True, timeout=30)
        self.page: httpx.Response | None = None

    def open(self, path: str) -> httpx.Response:
        """Open an address."""
        self.page = self.http.get(path)
        return self.page

    def forms(self) -> list[Form]:
        """The forms of the page that is open."""
        assert self.page is not None
        parser = _Forms()
        parser.feed(self.page.text)
        return parser.forms

    def submit(self, *, having: str, **values: str) -> httpx.Response:
        """Fill in and send the first form that has a field called `having`."""
        assert self.page is not None
        form = next((form for form in self.forms() if having in form.names), None)
        assert form is not None, f"{self.page.url} has no form with {having}: {self.page.text[:800]}"
        target = urljoin(str(self.page.url), form.action or str(self.page.url))
        content = form.fields | values
        if form.method == "post":
            self.page = self.http.post(target, data=content)
        else:
            self.page = self.http.get(target, params=content)
        return self.page

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the gateway; lands in the App Portal."""
        self.open("/bff/login?return_to=/")
        self.submit(having="password", email=email, password=password)
        assert self.page is not None
        assert str(self.page.url).startswith(f"{self.public_url}/"), self.page.url
        who = self.http.get("/bff/user")
        assert who.status_code == 200, who.text

    def get(self, path: str, **options: Any) -> httpx.Response:
        """GET of the API with the session."""
        return self.http.get(f"/api/v1{path}", **options)

    def send(self, method: str, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """An unsafe call of the API with the session, as a front end makes it."""
        headers = {"X-CSRF": "1"} | options.pop("headers", {})
        return self.http.request(method, f"/api/v1{path}", json=json, headers=headers, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """POST of the API with the session."""
        return self.send("POST", path, json, **options)
