"""Seats for everybody in a table, on the page of a license."""

from tests.gateway.pages.conftest import Portal
from tests.gateway.pages.services import refusal

SEATS = "/licenses/lic_1/assignments"


async def test_a_table_gives_a_seat_to_everybody_in_it(portal: Portal) -> None:
    path = f"{SEATS}/import"
    results = [
        {"input": "new@muster.example", "email": "new@muster.example", "result": "assigned", "code": None},
        {"input": "nobody", "email": None, "result": "refused", "code": "invalid_email"},
    ]
    portal.services.posts[path] = {"items": results}

    answer = await portal.browser.post(
        path,
        data={"notify": "yes", "idempotency_key": "once"},
        files={"file": ("people.csv", b"email,first_day\nnew@muster.example,\nnobody,\n", "text/csv")},
    )

    assert [(told[0], told[1], told[3]) for told in portal.services.told] == [("POST", path, "once")]
    assert "1 seat was assigned" in answer.text
    assert "This is not an e-mail address." in answer.text


async def test_no_table_is_said_before_anybody_is_asked(portal: Portal) -> None:
    answer = await portal.browser.post(f"{SEATS}/import", data={"notify": "yes"})

    assert answer.status_code == 422
    assert "Choose a CSV file." in answer.text
    assert portal.services.told == []


async def test_a_table_that_cannot_be_read_is_said_beside_the_field(portal: Portal) -> None:
    field = {"pointer": "/file", "code": "unreadable_table", "detail": "The table has no column email."}
    portal.services.refusals["POST", f"{SEATS}/import"] = refusal("invalid-input", 422, errors=[field])

    answer = await portal.browser.post(f"{SEATS}/import", files={"file": ("people.csv", b"?", "text/csv")})

    assert answer.status_code == 422
    assert "The table has no column email." in answer.text


async def test_a_table_that_is_too_large_is_said_beside_the_field(portal: Portal) -> None:
    portal.services.refusals["POST", f"{SEATS}/import"] = refusal("too-large", 413, detail="1 MiB at most.")

    answer = await portal.browser.post(f"{SEATS}/import", files={"file": ("people.csv", b"?", "text/csv")})

    assert answer.status_code == 413
    assert 'id="file-error"' in answer.text


async def test_a_one_off_license_asks_for_no_users(portal: Portal) -> None:
    page = (await portal.browser.get("/licenses/lic_3")).text

    assert "it cannot be assigned" in page
    assert "Add your first user" not in page
