"""An address and a password: who they open, and what happens when everybody comes at once."""

import asyncio
import unicodedata

import pytest
from sqlalchemy import text

from identity.accounts.passwords import PasswordHashing, TooManySignIns
from identity.accounts.verify_password import verify_password
from tests.harness.service import RunningService
from tests.identity.people import PASSWORD, active, an_address, choose_password, invited, link_for


async def test_the_right_password_opens_the_account_in_whatever_case_the_address_is(identity: RunningService) -> None:
    account = await active(identity)
    found = await verify_password(identity.runtime, email=f" {account['email'].upper()} ", password=PASSWORD)
    assert found is not None
    assert found.id == account["id"]


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper()])
async def test_a_wrong_password_opens_nothing(identity: RunningService, password: str) -> None:
    account = await active(identity)
    assert await verify_password(identity.runtime, email=account["email"], password=password) is None


async def test_unknown_invited_and_disabled_accounts_stay_closed(identity: RunningService) -> None:
    waiting = await invited(identity)
    closed = await active(identity)
    async with identity.operator() as operator:
        await operator.post(f"/api/v1/accounts/{closed['id']}/disable")

    for email in ("nobody@muster.example", "no address", waiting["email"], closed["email"]):
        assert await verify_password(identity.runtime, email=email, password=PASSWORD) is None


async def test_both_ways_to_write_an_umlaut_are_the_same_password(identity: RunningService) -> None:
    account = await invited(identity, email=an_address())
    composed = unicodedata.normalize("NFC", "Gänseblümchen am Bäch")
    async with identity.anonymous() as browser:
        await choose_password(browser, await link_for(identity, account["email"]), composed)

    decomposed = unicodedata.normalize("NFD", composed)
    assert await verify_password(identity.runtime, email=account["email"], password=decomposed) is not None


async def test_an_old_hash_is_renewed_at_sign_in(identity: RunningService) -> None:
    account = await active(identity)
    cheap = PasswordHashing(memory_kib=8_192, passes=1)
    old = await cheap.hash(PASSWORD)
    cheap.close()
    async with identity.runtime.database.transaction() as tx:
        await tx.execute(
            text("UPDATE passwords SET hash = :hash WHERE account_id = :id"), {"hash": old, "id": account["id"]}
        )

    assert await verify_password(identity.runtime, email=account["email"], password=PASSWORD) is not None

    async with identity.runtime.database.read() as reader:
        stored = await reader.scalar(text("SELECT hash FROM passwords WHERE account_id = :id"), {"id": account["id"]})
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_full_queue_refuses_instead_of_growing() -> None:
    hashing = PasswordHashing(longest_queue=4)
    answers = await asyncio.gather(
        *[hashing.matches(None, "whatever it may be") for _ in range(12)], return_exceptions=True
    )
    hashing.close()

    refused = [answer for answer in answers if isinstance(answer, TooManySignIns)]
    assert len(refused) == 8
    assert answers.count(False) == 4
    assert refused[0].status == 503
    assert refused[0].retry_after == 1
