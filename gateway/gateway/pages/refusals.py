"""What a service refused, as sentences next to the fields of a form."""

from typing import Any

from chassis.kernel.errors import BusinessError, Throttled, Unauthenticated, Unavailable
from chassis.pages import Site
from gateway.upstream import UpstreamAnswer

ABOUT_INPUT = frozenset({400, 402, 409, 412, 413, 415, 422})
SENT_BEFORE = frozenset({"idempotency-key-in-use", "idempotency-answer-lost"})


class Refusal(BusinessError):
    """A problem document of a service, kept as it came: its code, status, sentence and field errors."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or ""))
        self.status = status  # type: ignore[misc]
        self.code = str(problem.get("type") or "").rpartition("/")[2] or "error"  # type: ignore[misc]
        self.title = str(problem.get("title") or "")  # type: ignore[misc]
        self.problem = problem
        self.fields: list[dict[str, Any]] = list(problem.get("errors") or [])

    @property
    def is_about_input(self) -> bool:
        """Whether the person can do something about it on the page they came from."""
        return self.status in ABOUT_INPUT

    @property
    def is_of_a_form_sent_before(self) -> bool:
        """Whether the same form has its effect already, or is getting it: shown again it must stay the same form."""
        return self.code in SENT_BEFORE

    def errors(self, site: Site, **names: str) -> dict[str, str]:
        """Sentence by form field. `names` maps the service's field names to the form's where they differ.

        What belongs to no field, and every refusal without field errors, stands under "" for the whole form.
        """
        said = {}
        for field in self.fields:
            name = field_name(str(field.get("pointer") or ""))
            said.setdefault(names.get(name, name), self.sentence(site, field))
        return said or {"": site.sentence_of(self.code, self.detail)}

    def sentence(self, site: Site, field: dict[str, Any]) -> str:
        """What is wrong with one field: translated where known, else as it came."""
        code, detail = str(field.get("code") or ""), str(field.get("detail") or "")
        for key in (f"field_error.{code}", f"field_error.{code.partition('.')[0]}"):
            if site.translations.has(key):
                return site.t(key)
        return site.sentence_of(code, detail) or site.t("field_error.value_error")


def field_name(pointer: str) -> str:
    """The last name in a JSON pointer: `/lines/0/quantity` is about `quantity`."""
    names = [part for part in pointer.replace("?", "/").split("/") if part and not part.isdigit()]
    return names[-1] if names else ""


def refusal_of(answer: UpstreamAnswer) -> BusinessError:
    """The error a failed answer means for the page that asked."""
    problem = answer.json if isinstance(answer.json, dict) else {}
    match answer.status:
        case 401:
            return Unauthenticated()
        case 429:
            return Throttled(retry_after=_seconds(answer))
        case status if status >= 500:
            return Unavailable(retry_after=_seconds(answer))
        case status:
            return Refusal(status, problem)


def _seconds(answer: UpstreamAnswer) -> int:
    value = str(answer.headers.get("Retry-After", ""))
    return int(value) if value.isdigit() else 2
