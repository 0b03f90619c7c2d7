"""The addresses of the OpenID provider. They answer in the form of their specifications, not as problems."""

from fastapi import FastAPI

from identity.oauth.authorize import authorize, go_on
from identity.oauth.consent import consent_page, decide
from identity.oauth.discovery import discovery, jwks
from identity.oauth.exact_routes import Endpoint, ExactRoutes
from identity.oauth.form_post_script import form_post_script
from identity.oauth.introspect import introspect
from identity.oauth.logout import logout, signed_out
from identity.oauth.par import push_authorization_request
from identity.oauth.revoke import revoke
from identity.oauth.token import token
from identity.oauth.userinfo import userinfo
from identity.oauth.well_known import change_password, security_contact

ENDPOINTS: dict[str, dict[str, Endpoint]] = {
    "/.well-known/openid-configuration": {"GET": discovery},
    "/.well-known/oauth-authorization-server": {"GET": discovery},
    "/.well-known/change-password": {"GET": change_password},
    "/.well-known/security.txt": {"GET": security_contact},
    "/oauth2/jwks": {"GET": jwks},
    "/oauth2/authorize": {"GET": authorize, "POST": authorize},
    "/oauth2/authorize/continue": {"GET": go_on},
    "/oauth2/form-post.js": {"GET": form_post_script},
    "/oauth2/par": {"POST": push_authorization_request},
    "/oauth2/token": {"POST": token},
    "/oauth2/userinfo": {"GET": userinfo, "POST": userinfo},
    "/oauth2/revoke": {"POST": revoke},
    "/oauth2/introspect": {"POST": introspect},
    "/oauth2/logout": {"GET": logout, "POST": logout},
    "/consent": {"GET": consent_page, "POST": decide},
    "/signed-out": {"GET": signed_out},
}
WITHOUT_COOKIES = frozenset(
    {
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/oauth2/jwks",
        "/oauth2/par",
        "/oauth2/token",
        "/oauth2/userinfo",
        "/oauth2/revoke",
    }
)


def mount(app: FastAPI) -> None:
    """Put the provider's endpoints before all other routes: they are asked for most often."""
    app.router.routes.insert(0, ExactRoutes(ENDPOINTS, is_open=WITHOUT_COOKIES))
