"""Loads the demo through the public API, as an operator and as customers would do it by hand. Twice is harmless."""

import json
import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx

from deploy.demo import catalogue
from deploy.demo.customers import CAST, LATER, TODAY, TOMORROW
from deploy.demo.export import build_export, email_of, legacy_id
from deploy.dev.stack import Stack

SECONDS_OF_PATIENCE = 60
BUYER = CAST[0]
LICENSE_MANAGER = ("camille.roux@atelier-beranger.example", "Camille Roux", "license_manager")
MEMBER = ("noah.petit@atelier-beranger.example", "Noah Petit", "member")
LOADED_MARK = "demo-loaded.json"


class DemoFailed(RuntimeError):
    """A step of the demo was refused; the message holds the answer."""


def load_demo(stack: Stack) -> dict[str, dict[str, str]]:
    """Load what is missing of the demo; the logins by role."""
    accounts = _accounts(stack)
    mark = stack.plan.data_dir / LOADED_MARK
    if not mark.exists():
        with Operator(stack) as operator:
            _sell(operator, stack)
            _register_sample(operator, stack)
            _transfer(operator)
            _activate_people(operator, stack, accounts)
        mark.write_text(json.dumps({"loaded": True}))
    return accounts


class Operator:
    """The operator's API client, and a look into the mailbox."""

    def __init__(self, stack: Stack) -> None:
        self._public_url = stack.plan.public_url
        self._mailbox_url = stack.plan.url("mailbox")
        self.http = httpx.Client(timeout=30)
        token = self.http.post(
            f"{self._public_url}/oauth2/token",
            data={"grant_type": "client_credentials", "scope": "operator:read operator:write"},
            auth=("operator-cli", stack.secrets.operator_client),
        )
        self.http.headers["Authorization"] = f"Bearer {_good(token)['access_token']}"

    def __enter__(self) -> "Operator":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, **params: Any) -> Any:
        """GET under the public API."""
        return _good(self.http.get(f"{self._public_url}/api/v1{path}", params=params))

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """POST under the public API; what exists already is left as it is."""
        answer = self.http.post(f"{self._public_url}/api/v1{path}", json=body, **options)
        return None if answer.status_code == 409 else _good(answer)

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """What the mailbox holds for one address."""
        return list(_good(httpx.get(f"{self._mailbox_url}/messages", params={"to": address})))


def _accounts(stack: Stack) -> dict[str, dict[str, str]]:
    return {
        "operator": stack.operator_login(),
        "buyer": {"email": email_of(BUYER), "password": stack.secrets.buyer_password},
        "license_manager": {"email": LICENSE_MANAGER[0], "password": stack.secrets.license_manager_password},
        "member": {"email": MEMBER[0], "password": stack.secrets.member_password},
    }


def _sell(operator: Operator, stack: Stack) -> None:
    for application in catalogue.applications(stack.plan.sample_url):
        operator.post("/applications", application)
    for region in catalogue.REGIONS:
        operator.post("/regions", region)
    for product in catalogue.PRODUCTS:
        operator.post("/products", product)
    for price in catalogue.prices("2020-01-01"):
        operator.post("/prices", price)


def _register_sample(operator: Operator, stack: Stack) -> None:
    own_url = stack.plan.sample_url
    client = operator.post(
        "/clients",
        {
            "client_name": "Draftboard",
            "redirect_uris": [f"{own_url}/callback"],
            "grant_types": ["authorization_code"],
            "token_endpoint_auth_method": "client_secret_basic",
            "scope": "openid email",
            "backchannel_logout_uri": f"{own_url}/backchannel-logout",
            "first_party": True,
        },
    )
    partner = operator.post(
        "/clients",
        {
            "client_name": "Draftboard entitlement check",
            "grant_types": ["client_credentials"],
            "token_endpoint_auth_method": "client_secret_basic",
            "scope": "entitlements:read",
            "products": [catalogue.SAMPLE_PRODUCT],
        },
    )
    registration = {
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        "partner_client_id": partner["client_id"],
        "partner_client_secret": partner["client_secret"],
        "product": catalogue.SAMPLE_PRODUCT,
        "name": "Draftboard",
    }
    path = stack.plan.data_dir / "sample-application.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(registration))


def _transfer(operator: Operator) -> None:
    today = _business_day(operator)
    started = operator.post(
        "/transfer-imports",
        data={"source": "canonical", "exported_on": today.isoformat()},
        files={"bundle": ("export.zip", build_export(today).as_zip(), "application/zip")},
    )
    _wait(lambda: operator.get(f"/transfer-imports/{started['id']}")["state"] == "completed")
    for name, wave, days in (("Today", TODAY, 0), ("Tomorrow", TOMORROW, 1), ("In two weeks", LATER, 14)):
        customers = [legacy_id(n) for n, customer in enumerate(CAST, start=1) if customer.wave == wave]
        body = {"name": name, "transfer_on": (today + timedelta(days=days)).isoformat(), "customers": customers}
        planned = operator.post("/transfer-waves", body)
        operator.post(f"/transfer-waves/{planned['id']}/check")
        operator.post(f"/transfer-waves/{planned['id']}/schedule")


def _business_day(operator: Operator) -> date:
    """The day it is in the westernmost zone of the first two waves, so that their midnights have passed everywhere."""
    now = operator.get("/test/clock")["now"]
    return date.fromisoformat(now[:10])


def _activate_people(operator: Operator, stack: Stack, accounts: dict[str, dict[str, str]]) -> None:
    _activate(operator, accounts["buyer"])
    owner = _wait(lambda: operator.get("/accounts", email=accounts["buyer"]["email"])["items"])[0]
    organization_id = operator.get(f"/accounts/{owner['id']}")["organization_id"]
    for role, (email, name, membership) in (("license_manager", LICENSE_MANAGER), ("member", MEMBER)):
        body = {
            "email": email,
            "name": name,
            "locale": "fr",
            "organization_id": organization_id,
            "roles": [membership],
        }
        operator.post("/accounts", body)
        _activate(operator, accounts[role])
    _assign_member(operator, stack, accounts)


def _activate(operator: Operator, login: dict[str, str]) -> None:
    """Follow the link in the mail and set the password, as the person would."""
    link = _wait(lambda: _activation_link(operator, login["email"]))
    with httpx.Client(follow_redirects=True, timeout=30) as browser:
        page = browser.get(link)
        form = {"password": login["password"], "password_confirmation": login["password"]}
        answer = browser.post(str(page.url), data=form)
    if answer.status_code >= 400:
        raise DemoFailed(f"The activation of {login['email']} answered {answer.status_code}.")


def _activation_link(operator: Operator, address: str) -> str | None:
    for mail in operator.mails_to(address):
        found = re.search(r"https?://\S+/activate/[\w\-.~]+", mail["text"])
        if found:
            return found.group(0)
    return None


def _assign_member(operator: Operator, stack: Stack, accounts: dict[str, dict[str, str]]) -> None:
    """The license manager signs in through the gateway and gives the member a seat."""
    public_url = stack.plan.public_url
    with httpx.Client(follow_redirects=True, timeout=30) as browser:
        page = browser.get(f"{public_url}/bff/login", params={"return_to": "/licenses"})
        login = accounts["license_manager"]
        hidden = dict(page.url.params)
        _good(
            browser.post(f"{public_url}/login", data=hidden | {"email": login["email"], "password": login["password"]})
        )
        licenses = _wait(lambda: _good(browser.get(f"{public_url}/api/v1/licenses"))["items"])
        chosen = next(license for license in licenses if license["free"])
        answer = browser.post(
            f"{public_url}/api/v1/licenses/{chosen['id']}/assignments",
            json={"emails": [accounts["member"]["email"]]},
            headers={"X-CSRF": "1"},
        )
        _good(answer)


def _good(answer: httpx.Response) -> Any:
    if answer.status_code >= 400:
        raise DemoFailed(
            f"{answer.request.method} {answer.request.url} answered {answer.status_code}: {answer.text[:800]}"
        )
    is_json = "json" in answer.headers.get("content-type", "")
    return answer.json() if is_json else None


def _wait(check: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + SECONDS_OF_PATIENCE
    while time.monotonic() < deadline:
        answer = check()
        if answer:
            return answer
        time.sleep(0.1)
    raise DemoFailed("A step of the demo did not finish in time; see the logs.")
