"""What a front end learns about its session."""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field

from gateway.sessions.session import GatewaySession


class User(BaseModel):
    """Who is signed in at this browser."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "account_id": "acc_01k9w2v6q4f0h8m3n5p7r9s1t3",
                    "email": "anna@example.com",
                    "name": "Anna Berger",
                    "locale": "de",
                    "organization_id": "org_01k9w2v6q4f0h8m3n5p7r9s1t4",
                    "roles": ["owner"],
                    "scopes": ["catalog:read", "orders:read"],
                    "session_id": "ses_01k9w2v6q4f0h8m3n5p7r9s1t5",
                    "expires_in": 7200,
                    "logout_url": "/bff/logout",
                }
            ]
        }
    )

    account_id: str
    email: str
    name: str
    locale: str | None
    organization_id: str | None = Field(description="The organization the person works for at present.")
    roles: list[str] = Field(description="Their roles in that organization.")
    scopes: list[str]
    session_id: str = Field(description="The session at the provider.")
    expires_in: int = Field(description="Seconds until the session ends if nothing more happens.")
    logout_url: str = Field(description="POST here to sign out.")

    @classmethod
    def of(cls, session: GatewaySession) -> "User":
        """The session as the front end may see it: no token, no key."""
        return cls(
            account_id=session.account_id,
            email=session.email,
            name=session.name,
            locale=session.locale,
            organization_id=session.organization_id,
            roles=sorted(session.roles),
            scopes=sorted(session.scopes),
            session_id=session.session_id,
            expires_in=max(0, int((session.over_at - datetime.now(UTC)).total_seconds())),
            logout_url="/bff/logout",
        )


class SwitchOrganization(BaseModel):
    """Which organization to work for."""

    model_config = ConfigDict(extra="forbid")

    organization_id: str = Field(max_length=64, examples=["org_01k9w2v6q4f0h8m3n5p7r9s1t4"])
