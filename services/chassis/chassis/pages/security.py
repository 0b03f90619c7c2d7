"""The headers every page carries: nothing runs, loads or frames it but ourselves."""

from collections.abc import Iterable


def content_security_policy(form_action: Iterable[str] = ()) -> str:
    """The strict policy; `form_action` adds origins a form of this page may lead to."""
    targets = " ".join(["'self'", *form_action])
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
    )


def security_headers(*, https: bool, form_action: Iterable[str] = ()) -> dict[str, str]:
    """All of them; Strict-Transport-Security only where the origin is https.

    The referrer policy is `same-origin`, not `no-referrer`: the latter makes browsers send `Origin: null`
    with our own forms, and an activation link still never reaches another site.
    """
    headers = {
        "Content-Security-Policy": content_security_policy(form_action),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers
