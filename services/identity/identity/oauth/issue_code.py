"""Give the client its code: the grant, the code and the note that the client knows the session, in one step."""

from datetime import datetime

from chassis.db.transaction import Reader
from chassis.kernel.ids import new_id
from identity.grants.open import opening_parameters
from identity.oauth import store
from identity.oauth.authorization_request import AuthorizationRequest
from identity.oauth.rules import CODE_LIFE
from identity.oauth.tokens import CODE, digest_of, new_secret
from identity.sessions.note_client import noting_parameters
from identity.sessions.session import Session


async def issue_code(
    reader: Reader,
    asked: AuthorizationRequest,
    session: Session,
    *,
    organization_id: str | None,
    now: datetime,
) -> str:
    """The code, good for a minute and for one use.

    What a first-party client was granted ends with the session; what the person granted to others with
    `offline_access` goes on until it is withdrawn (OpenID Connect Back-Channel Logout 1.0 §2.7).
    """
    client, code, grant_id = asked.client, new_secret(CODE), new_id("gra")
    grant = opening_parameters(
        grant_id=grant_id,
        account_id=session.account_id,
        client_id=client.id,
        session_id=session.id,
        is_tied_to_session=client.is_first_party or "offline_access" not in asked.scopes,
        organization_id=organization_id,
        scopes=asked.scopes,
        amr=session.amr,
        authenticated_at=session.authenticated_at,
        now=now,
    )
    values = {
        "code_digest": digest_of(code),
        "code_grant_id": grant_id,
        "code_client_id": client.id,
        "code_redirect_uri": asked.back.redirect_uri,
        "code_code_challenge": asked.code_challenge,
        "code_nonce": asked.nonce,
        "code_dpop_thumbprint": asked.dpop_thumbprint,
        "code_expires_at": now + CODE_LIFE,
    }
    note = noting_parameters(session_id=session.id, client_id=client.id, now=now)
    await store.insert_code(reader, {**values, **grant, **note})
    return code
