"""Entitlements over HTTP: "may this person use this product now?"."""

from collections.abc import Iterable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Query, Request, Response

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Run, caller
from chassis.http.problems import problems
from chassis.http.shortcuts import directly
from chassis.kernel.emails import email_as_asked
from chassis.kernel.errors import FieldError, Forbidden, Invalid, Malformed
from licensing.access.scopes import ENTITLEMENT_SCOPES, EntitlementReader
from licensing.entitlements import store
from licensing.entitlements.check import check
from licensing.entitlements.explain import explain
from licensing.entitlements.people import Person, address_of, address_told, addresses_of, person_named
from licensing.entitlements.proof import MEDIA_TYPE
from licensing.entitlements.rules import Decision
from licensing.entitlements.schemas import (
    CHECKS_AT_MOST,
    Checks,
    Entitlement,
    Entitlements,
    Explanation,
)
from licensing.entitlements.store import Question

router = APIRouter(tags=["entitlements"])

NOT_STORED = {"Cache-Control": "no-store"}


class ProductNotRegistered(Forbidden):
    """The client may only ask about the products it is registered for."""

    code, title = "product-not-registered", "This client is not registered for the product"


OrganizationFilter = Annotated[
    str | None, Query(description="For operators and clients of no organization: ask about this one only.")
]


Email = Annotated[str | None, Query(description="The person's address.")]
Account = Annotated[str | None, Query(description="The person's account, in place of the address.")]


async def check_directly(request: Request) -> Response:
    """Read the two parameters, ask, and write the answer."""
    principal = await caller(request)
    principal.require(*ENTITLEMENT_SCOPES)
    asked = request.query_params
    _refuse_unstorable(asked.values())
    person = person_named(asked.get("email"), asked.get("account"))
    product = _needed(asked.get("product"), "product")
    reach = _reach(principal, asked.get("organization"))
    _refuse_unregistered(principal, [product])
    runtime = request.app.state.runtime
    question = Question(await _address(runtime, person), product, reach, person.account)
    decision = await runtime.edges.checker.check(question)
    if MEDIA_TYPE in request.headers.get("accept", ""):
        return _signed(runtime, principal, question, decision)
    return Response(
        orjson.dumps(_shown(question, decision), option=orjson.OPT_UTC_Z),
        media_type="application/json",
        headers=NOT_STORED,
    )


fast = APIRouter(tags=["entitlements"], route_class=directly(check_directly))


@fast.get(
    "/entitlements/check",
    operation_id="check_entitlement",
    response_model=Entitlement,
    responses=problems(Invalid, ProductNotRegistered) | {200: {"content": {MEDIA_TYPE: {}}}},
)
async def get_check(
    principal: EntitlementReader,
    product: Annotated[str, Query(description="The product's code.")],
    email: Email = None,
    account: Account = None,
    organization: OrganizationFilter = None,
) -> None:
    """May this person use this product now, why, and until when. True at once after every change.

    Who is known by their account only (`sub` of a sign-in) is asked for by `account`.

    With `Accept: application/jwt` the answer is a signed JWT (ES256, type `entitlement+jwt`) that an application can
    check by itself with the keys of `/entitlements/keys`; it is good for a few minutes.
    """


@router.post(
    "/entitlements/check",
    operation_id="check_entitlements",
    responses=problems(Invalid, ProductNotRegistered),
    response_model=Entitlements,
)
async def post_check(
    principal: EntitlementReader,
    reader: Read,
    body: Annotated[Checks, Body(description=f"Up to {CHECKS_AT_MOST} questions, as `items` or as a bare list.")],
    organization: OrganizationFilter = None,
) -> Response:
    """Many questions at once, answered in their order."""
    asked = body if isinstance(body, list) else body.items
    if len(asked) > CHECKS_AT_MOST:
        raise Invalid(errors=[FieldError("/", "too_long", f"At most {CHECKS_AT_MOST} questions at once.")])
    reach = _reach(principal, organization)
    people = [Person(item.email, item.account) for item in asked]
    addresses = await addresses_of(reader, people)
    questions = [
        Question(address, item.product, reach, item.account) for address, item in zip(addresses, asked, strict=True)
    ]
    _refuse_unregistered(principal, [question.product for question in questions])
    return _listed(questions, await check(reader, questions) if questions else [])


@router.get(
    "/entitlements",
    operation_id="list_entitlements",
    responses=problems(Invalid),
    response_model=Entitlements,
)
async def get_entitlements(
    principal: EntitlementReader,
    reader: Read,
    email: Email = None,
    account: Account = None,
    organization: OrganizationFilter = None,
) -> Response:
    """Every product that the person has, had or will have something to do with, and what holds now."""
    person, reach = person_named(email, account), _reach(principal, organization)
    address = await address_of(reader, person)
    products = await store.products_of(reader, email=address, organization_id=reach)
    questions = [
        Question(address, product, reach, person.account)
        for product in products
        if principal.products is None or product in principal.products
    ]
    return _listed(questions, await check(reader, questions) if questions else [])


@router.get(
    "/entitlements/explain",
    operation_id="explain_entitlement",
    responses=problems(Invalid, ProductNotRegistered),
)
async def get_explanation(
    principal: EntitlementReader,
    reader: Read,
    product: Annotated[str, Query(min_length=1)],
    email: Email = None,
    account: Account = None,
    organization: OrganizationFilter = None,
) -> Explanation:
    """Why a person may or may not use a product: every assignment and license that bears on it."""
    _refuse_unregistered(principal, [product])
    person, reach = person_named(email, account), _reach(principal, organization)
    address = await address_of(reader, person)
    return await explain(reader, Question(address, product, reach, person.account))


@router.get("/entitlements/keys", operation_id="get_entitlement_keys")
async def get_keys(runtime: Run) -> dict[str, Any]:
    """The public keys (JWK set) that signed entitlement answers are checked with. No token is needed."""
    return runtime.edges.signer.public_keys()


def _reach(principal: Principal, wanted: str | None) -> str | None:
    """The organization asked about; None (all) for operators and for clients limited to products instead."""
    if principal.organization_id is not None and not principal.is_operator:
        return principal.organization_id
    if principal.is_operator or (principal.is_machine and principal.products is not None):
        return wanted or principal.organization_id
    return principal.organization


def _refuse_unregistered(principal: Principal, products: list[str]) -> None:
    if principal.products is None or principal.products.issuperset(products):
        return
    raise ProductNotRegistered("This client may ask only about the products it is registered for.")


def _refuse_unstorable(values: Iterable[str]) -> None:
    """The database would refuse them, and with them the questions of others that travel along."""
    if any("\x00" in value for value in values):
        raise Malformed("Some of the input contains what no value here can be.")


async def _address(runtime: Any, person: Person) -> str:
    if person.email is not None:
        return email_as_asked(person.email)
    async with runtime.database.read() as reader:
        return await address_of(reader, person)


def _needed(value: str | None, name: str) -> str:
    if value is None or not value.strip():
        raise Invalid(errors=[FieldError(f"?{name}", "missing", f"Say which {name}.")])
    return value


def _shown(question: Question, decision: Decision) -> dict[str, Any]:
    claim = decision.claim
    return {
        "allowed": decision.allowed,
        "reason": decision.reason,
        "product": question.product,
        "email": address_told(question, decision),
        "account": question.account,
        "valid_until": decision.valid_until,
        "license_id": None if claim is None else claim.license_id,
        "assignment_id": None if claim is None else claim.assignment_id,
    }


def _listed(questions: list[Question], decisions: list[Decision]) -> Response:
    items = [_shown(question, decision) for question, decision in zip(questions, decisions, strict=True)]
    return _json({"items": items, "next_cursor": None})


def _json(content: dict[str, Any]) -> Response:
    return Response(orjson.dumps(content, option=orjson.OPT_UTC_Z), media_type="application/json", headers=NOT_STORED)


def _signed(runtime: Any, principal: Principal, question: Question, decision: Decision) -> Response:
    until = decision.valid_until
    left = None if until is None else (until - runtime.clock.now()).total_seconds()
    proof = runtime.edges.signer.sign(question, decision, audience=principal.client_id, seconds_left=left)
    return Response(proof, media_type=MEDIA_TYPE, headers=NOT_STORED)
