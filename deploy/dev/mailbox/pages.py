"""What people see."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from fastapi.responses import HTMLResponse

from deploy.dev.mailbox.mail import Mail

POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src https: data:; frame-src 'self'"
MAIL_POLICY = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:"

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:960px;padding:24px;color:#10181f}
table{border-collapse:collapse;width:100%}td,th{padding:8px;border-bottom:1px solid #dde3e8;text-align:left}
iframe{width:100%;height:75vh;border:1px solid #dde3e8;border-radius:6px}dt{color:#55626d}dd{margin:0 0 8px}
pre{white-space:pre-wrap;background:#f3f5f7;padding:16px;border-radius:6px}a{color:#0f5c8c}
input,button{font:inherit;padding:6px 10px}
"""


def inbox_page(mails: Sequence[Mail], to: str) -> HTMLResponse:
    """The list of mails, newest first."""
    rows = "".join(
        f"<tr><td><time>{escape(mail.received_at[:19].replace('T', ' '))}</time></td>"
        f"<td>{escape(', '.join(mail.to))}</td>"
        f'<td><a href="/messages/{quote(mail.id)}">{escape(mail.subject) or "(no subject)"}</a></td></tr>'
        for mail in mails
    )
    return _page(
        "Mailbox",
        "<h1>Mailbox</h1><p>Every mail of this development stack arrives here; none leaves the machine.</p>"
        f'<form><label>To <input name="to" type="email" value="{escape(to)}"></label> <button>Show</button></form>'
        f"<table><thead><tr><th>Received (UTC)</th><th>To</th><th>Subject</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>",
    )


def mail_page(mail: Mail) -> HTMLResponse:
    """One mail, its HTML in a frame where scripts cannot run."""
    return _page(
        mail.subject,
        f'<p><a href="/">All mails</a></p><h1>{escape(mail.subject)}</h1>'
        f"<dl><dt>From</dt><dd>{escape(mail.sender)}</dd><dt>To</dt><dd>{escape(', '.join(mail.to))}</dd>"
        f"<dt>Received</dt><dd>{escape(mail.received_at)}</dd></dl>"
        f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail as HTML" '
        f'src="/messages/{quote(mail.id)}/html"></iframe>'
        f"<h2>Plain text</h2><pre>{escape(mail.text)}</pre>",
    )


def _page(title: str, content: str) -> HTMLResponse:
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><main>{content}</main></html>",
        headers={"Content-Security-Policy": POLICY},
    )
