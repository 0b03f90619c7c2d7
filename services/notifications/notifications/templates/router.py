"""The kinds of mail, and how they look: operators only."""

from typing import Annotated

from fastapi import APIRouter

from chassis.auth.principal import Principal
from chassis.http.dependencies import Run, requires
from chassis.http.pages import Page, PageQuery, page_of_items
from chassis.http.problems import problems
from chassis.kernel.errors import FieldError, Invalid
from notifications.templates.catalog import Mail, catalog
from notifications.templates.errors import NotEnoughData, TemplateNotFound
from notifications.templates.formatting import LANGUAGES
from notifications.templates.render import NotRenderable, Renderer
from notifications.templates.schemas import Preview, Previews, PreviewTemplate, Template

router = APIRouter(tags=["templates"])

Watching = Annotated[Principal, requires("operator:read", "operator:write")]


@router.get("/templates", responses=problems(Invalid))
async def list_templates(runtime: Run, page: PageQuery, _: Watching) -> Page[Template]:
    """Every kind of mail, with its subjects and the data it is rendered with."""
    renderer = runtime.edges.mail.renderer
    mails = page_of_items(list(catalog().values()), page)
    return Page(items=[_template(renderer, mail) for mail in mails.items], next_cursor=mails.next_cursor)


@router.get("/templates/{key}", responses=problems(TemplateNotFound))
async def get_template(runtime: Run, key: str, _: Watching) -> Template:
    """One kind of mail."""
    return _template(runtime.edges.mail.renderer, _known(key))


@router.post("/templates/{key}/preview", responses=problems(TemplateNotFound, NotEnoughData))
async def preview_template(runtime: Run, key: str, body: PreviewTemplate, _: Watching) -> Previews:
    """Render a mail with its sample or with given data, in one locale or in all languages. Nothing is sent."""
    mail = _known(key)
    locales = [body.locale] if body.locale else list(LANGUAGES)
    return Previews(key=key, items=[_preview(runtime.edges.mail.renderer, mail, locale, body) for locale in locales])


def _known(key: str) -> Mail:
    if key not in catalog():
        raise TemplateNotFound()
    return catalog()[key]


def _template(renderer: Renderer, mail: Mail) -> Template:
    subjects = {
        locale: renderer.render(mail, locale=locale, data=mail.sample, name=None, action_url="#").subject
        for locale in LANGUAGES
    }
    return Template(
        key=mail.key,
        description=mail.description,
        category=mail.category,
        mandatory=not mail.is_optional,
        locales=list(LANGUAGES),
        subjects=subjects,
        sample=mail.sample,
    )


def _preview(renderer: Renderer, mail: Mail, locale: str, body: PreviewTemplate) -> Preview:
    data = mail.sample if body.data is None else body.data
    action_url = renderer.example_link if body.action == "link" else ""
    try:
        rendered = renderer.render(mail, locale=locale, data=data, name=body.name, action_url=action_url)
    except NotRenderable as error:
        raise NotEnoughData(errors=[FieldError("/data", "template_data", str(error))]) from error
    return Preview(locale=locale, subject=rendered.subject, html=rendered.html, text=rendered.text)
