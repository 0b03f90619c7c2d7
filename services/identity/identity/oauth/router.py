"""The addresses of the OpenID provider. They answer in the form of their specifications, not as problems."""

from fastapi import APIRouter

from identity.oauth.authorize import authorize, go_on
from identity.oauth.consent import consent_page, decide
from identity.oauth.discovery import discovery, jwks
from identity.oauth.form_post_script import form_post_script
from identity.oauth.introspect import introspect
from identity.oauth.logout import logout, signed_out
from identity.oauth.par import push_authorization_request
from identity.oauth.revoke import revoke
from identity.oauth.token import token
from identity.oauth.userinfo import userinfo

pages = APIRouter(include_in_schema=False)

pages.add_route("/.well-known/openid-configuration", discovery, methods=["GET"])
pages.add_route("/.well-known/oauth-authorization-server", discovery, methods=["GET"])
pages.add_route("/oauth2/jwks", jwks, methods=["GET"])
pages.add_route("/oauth2/authorize", authorize, methods=["GET", "POST"])
pages.add_route("/oauth2/authorize/continue", go_on, methods=["GET"])
pages.add_route("/oauth2/form-post.js", form_post_script, methods=["GET"])
pages.add_route("/oauth2/par", push_authorization_request, methods=["POST"])
pages.add_route("/oauth2/token", token, methods=["POST"])
pages.add_route("/oauth2/userinfo", userinfo, methods=["GET", "POST"])
pages.add_route("/oauth2/revoke", revoke, methods=["POST"])
pages.add_route("/oauth2/introspect", introspect, methods=["POST"])
pages.add_route("/oauth2/logout", logout, methods=["GET", "POST"])
pages.add_route("/consent", consent_page, methods=["GET"])
pages.add_route("/consent", decide, methods=["POST"])
pages.add_route("/signed-out", signed_out, methods=["GET"])
