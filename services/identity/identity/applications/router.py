"""Applications: tiles for everybody, the register for operators."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from chassis.auth.principal import Principal
from chassis.http.dependencies import Read, Tx, authenticated, requires
from chassis.http.etags import check_if_match, etag_of
from chassis.http.pages import Page, PageQuery, page_of, page_of_items
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid, PreconditionFailed
from identity.accounts.locales import preferred_locale
from identity.accounts.queries import find_account
from identity.applications.errors import ApplicationExists, ApplicationNotFound
from identity.applications.list_apps import list_apps
from identity.applications.queries import Application, find_application, select_applications
from identity.applications.rules import Visible
from identity.applications.schemas import App, ApplicationOut, ChangeApplication, CreateApplication
from identity.applications.store import delete_application, insert_application, update_application
from identity.audit.record import record

router = APIRouter(tags=["applications"])

Operator = Annotated[Principal, requires("operator:read")]
WritingOperator = Annotated[Principal, requires("operator:write")]


@router.get("/apps", responses=problems(Invalid))
async def list_my_apps(
    reader: Read, request: Request, page: PageQuery, principal: Annotated[Principal, authenticated()]
) -> Page[App]:
    """List the tiles of the caller's App Portal: every application unlocked for them now, and no other."""
    account = None
    if principal.account_id is not None:
        account = await find_account(reader, account_id=principal.account_id)
    if account is None:
        return page_of_items([], page)
    tiles = await list_apps(reader, account=account, active_organization=principal.organization_id)
    language = preferred_locale(request.headers.get("accept-language"), account.locale)
    return page_of_items([_tile(app, visible, language) for app, visible in tiles], page)


@router.get("/applications", responses=problems(Invalid))
async def list_applications(
    reader: Read,
    page: PageQuery,
    _: Operator,
    code: Annotated[str | None, Query(description="Only the one with this code.")] = None,
    category: Annotated[str | None, Query(description="Only those of this category.")] = None,
) -> Page[ApplicationOut]:
    """List the registered applications."""
    found = select_applications()
    columns = found.selected_columns
    if code is not None:
        found = found.where(columns.code == code)
    if category is not None:
        found = found.where(columns.category == category)
    return await page_of(
        reader,
        found,
        page,
        order_by=[columns.id],
        convert=lambda row: seen(Application.of(row)),
    )


@router.post("/applications", status_code=201, responses=problems(ApplicationExists, Invalid))
async def create_application(body: CreateApplication, tx: Tx, response: Response, _: WritingOperator) -> ApplicationOut:
    """Register an application for the App Portal."""
    application = await insert_application(tx, {"code": body.code, **_values(body)})
    await record(tx, "application.created", application.id, code=application.code)
    response.headers["Location"] = f"/api/v1/applications/{application.id}"
    return _answer(response, application)


@router.get("/applications/{application}", responses=problems(ApplicationNotFound))
async def get_application(application: str, reader: Read, response: Response, _: Operator) -> ApplicationOut:
    """Show an application, by id or code."""
    found = await find_application(reader, application)
    if found is None:
        raise ApplicationNotFound
    return _answer(response, found)


@router.patch("/applications/{application}", responses=problems(ApplicationNotFound, PreconditionFailed, Invalid))
async def change_application(
    application: str, body: ChangeApplication, tx: Tx, request: Request, response: Response, _: WritingOperator
) -> ApplicationOut:
    """Change an application, by id or code."""
    found = await find_application(tx, application)
    if found is None:
        raise ApplicationNotFound
    check_if_match(request, etag(found))
    changed = await update_application(tx, found.id, _values(body))
    await record(tx, "application.changed", found.id, fields=sorted(body.model_fields_set))
    return _answer(response, changed)


@router.delete("/applications/{application}", status_code=204, responses=problems(ApplicationNotFound))
async def remove_application(application: str, tx: Tx, _: WritingOperator) -> None:
    """Take an application out of the App Portal."""
    found = await find_application(tx, application)
    if found is None:
        raise ApplicationNotFound
    await delete_application(tx, found.id)
    await record(tx, "application.deleted", found.id, code=found.code)


def _values(body: CreateApplication | ChangeApplication) -> dict[str, Any]:
    """The columns that a body sets."""
    sent = body.model_fields_set if isinstance(body, ChangeApplication) else type(body).model_fields
    values = {name: getattr(body, name) for name in ("category", "launch_url", "icon", "client_id") if name in sent}
    values |= {name: getattr(body, name).complete() for name in ("name", "description") if name in sent}
    if "visible_to" in sent:
        is_roles = isinstance(body.visible_to, list)
        values["visibility"] = "roles" if is_roles else body.visible_to
        values["visible_to_roles"] = body.visible_to if is_roles else []
    return values


def seen(application: Application) -> ApplicationOut:
    """The application as clients see it."""
    is_roles = application.visibility == "roles"
    return ApplicationOut(
        id=application.id,
        code=application.code,
        name=application.name,
        description=application.description,
        category=application.category,
        launch_url=application.launch_url,
        icon=application.icon,
        client_id=application.client_id,
        visible_to=application.visible_to_roles if is_roles else application.visibility,
        created_at=application.created_at,
    )


def _tile(application: Application, visible: Visible, language: str) -> App:
    return App(
        id=application.id,
        code=application.code,
        name=application.name[language],
        description=application.description[language],
        icon=application.icon,
        category=application.category,
        launch_url=application.launch_url,
        reason=visible.reason,
        valid_until=visible.valid_until,
    )


def _answer(response: Response, application: Application) -> ApplicationOut:
    response.headers["ETag"] = etag(application)
    return seen(application)


def etag(application: Application) -> str:
    """The version of an application."""
    return etag_of(application.id, application.revision)
