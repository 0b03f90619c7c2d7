"""One text, two parts: a mail is written once in a small markup and becomes an HTML and a plain-text template.

    Subject: Welcome to {{ brand.name }}
    Preview: The line that mail programs show beside the subject

    # A heading                       blocks are separated by blank lines
    A paragraph with **weight** and a [link]({{ links.portal }}).
    1. A step                         `- ` makes bullets, `> ` a notice, `| label | value` a table of facts
    [[Activate your account -> {{ action_url }}]]

Jinja expressions stand anywhere; a line of its own with `{% … %}` steers lines inside a block, or whole blocks when
blank lines surround it. Literal text is escaped here, values are escaped by Jinja.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

JINJA = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
CONTROL = re.compile(r"(?:\{%(?:(?!%\}).)*%\})+\Z")
"""A line of nothing but tags: one that only begins and ends with them has words between."""
BOLD = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\[([^\[\]]+)\]\(([^()]+)\)")
BUTTON = re.compile(r"\[\[(.+?) -> (.+?)\]\]\Z")
TIED = re.compile(r"(?<=«) | (?=[»:;?!])")
STEP = re.compile(r"\d+\. ")


@dataclass(frozen=True)
class Source:
    """The Jinja templates made of one mail in one language."""

    subject: str
    preview: str
    html: str
    text: str


def compile_mail(written: str) -> Source:
    """Turn the written mail into its templates. Raises ValueError when the two head lines are missing."""
    head, _, body = written.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    if set(fields) != {"Subject", "Preview"}:
        raise ValueError("A mail begins with `Subject:` and `Preview:`, then a blank line.")
    blocks = list(_blocks(body))
    return Source(
        subject=fields["Subject"],
        preview=fields["Preview"],
        html="\n".join(_html(block) for block in blocks),
        text="\n\n\n".join(_text(block) for block in blocks),
    )


def _blocks(body: str) -> Iterator[list[str]]:
    for part in re.split(r"\n\s*\n", body.strip("\n")):
        lines = [_ending_its_line(line.strip()) for line in part.splitlines()]
        if lines:
            yield lines


def _ending_its_line(line: str) -> str:
    """Jinja drops the line break after a closing `%}`; at the end of a line with text it shall stay."""
    return line[:-2] + "+%}" if line.endswith("%}") and not CONTROL.match(line) else line


def _kind(block: list[str]) -> str:
    first = next((line for line in block if not CONTROL.match(line)), "")
    if not first:
        return "control"
    for mark, kind in (("## ", "subheading"), ("# ", "heading"), ("- ", "bullets"), ("> ", "notice"), ("| ", "facts")):
        if first.startswith(mark):
            return kind
    if STEP.match(first):
        return "steps"
    return "button" if BUTTON.match(first) else "paragraph"


# -- HTML -----------------------------------------------------------------------------------------------------------


def _html(block: list[str]) -> str:
    match _kind(block):
        case "control":
            return "\n".join(block)
        case "heading":
            return _wrapped(block, "# ", '<h1 style="{{ styles.heading }}">', "</h1>")
        case "subheading":
            return _wrapped(block, "## ", '<h2 style="{{ styles.subheading }}">', "</h2>")
        case "notice":
            return _wrapped(block, "> ", '<div style="{{ styles.notice }}">', "</div>")
        case "bullets":
            return _listed(block, "ul", lambda line: line.removeprefix("- "))
        case "steps":
            return _listed(block, "ol", lambda line: STEP.sub("", line, count=1))
        case "facts":
            return _facts_html(block)
        case "button":
            return "\n".join(_each(block, _button_html))
        case _:
            return _wrapped(block, "", '<p style="{{ styles.paragraph }}">', "</p>")


def _inline_html(line: str) -> str:
    pieces = JINJA.split(line)
    line = "".join(piece if JINJA.fullmatch(piece) else _literal_html(piece) for piece in pieces)
    line = BOLD.sub(r"<strong>\1</strong>", line)
    return LINK.sub(r'<a href="\2" style="{{ styles.link }}">\1</a>', line)


def _literal_html(text: str) -> str:
    """Escaped; French quotation marks and punctuation are not torn from their words at the end of a line."""
    return TIED.sub(lambda space: "&nbsp;", escape(text, quote=False))


def _each(block: list[str], convert: Callable[[str], str]) -> list[str]:
    return [line if CONTROL.match(line) else convert(line) for line in block]


def _wrapped(block: list[str], mark: str, opening: str, closing: str) -> str:
    return opening + "\n".join(_each(block, lambda line: _inline_html(line.removeprefix(mark)))) + closing


def _listed(block: list[str], tag: str, content: Callable[[str], str]) -> str:
    items = _each(block, lambda line: f'<li style="{{{{ styles.item }}}}">{_inline_html(content(line))}</li>')
    return "\n".join([f'<{tag} style="{{{{ styles.list }}}}">', *items, f"</{tag}>"])


def _facts_html(block: list[str]) -> str:
    opening = '<table role="presentation" cellpadding="0" cellspacing="0" style="{{ styles.facts }}">'
    return "\n".join([opening, *_each(block, _fact_html), "</table>"])


def _fact_html(line: str) -> str:
    label, value = _fact(line)
    cells = (
        f'<td style="{{{{ styles.label }}}}">{_inline_html(label)}</td>',
        f'<td style="{{{{ styles.value }}}}">{_inline_html(value)}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>"


def _button_html(line: str) -> str:
    label, url = _button(line)
    button = f'<a href="{url}" style="{{{{ styles.button }}}}">{_inline_html(label)}</a>'
    hint = f'<p style="{{{{ styles.small }}}}">{{{{ wording.link_hint }}}}<br><a href="{url}" '
    hint += f'style="{{{{ styles.address }}}}">{url}</a></p>'
    return f'<p style="{{{{ styles.action }}}}">{button}</p>{hint}'


# -- plain text -----------------------------------------------------------------------------------------------------


def _text(block: list[str]) -> str:
    match _kind(block):
        case "control":
            return "\n".join(block)
        case "heading" | "subheading" as kind:
            mark = "# " if kind == "heading" else "## "
            lines = _each(block, lambda line: _inline_text(line.removeprefix(mark)))
            return "\n".join([*lines, ("=" if kind == "heading" else "-") * 40])
        case "notice":
            return "\n".join(["* * *", *_each(block, lambda line: _inline_text(line.removeprefix("> "))), "* * *"])
        case "facts":
            return "\n".join([*_each(block, _fact_text)])
        case "bullets" | "steps":
            return "\n".join([*_each(block, lambda line: "  " + _inline_text(line))])
        case "button":
            return "\n".join([*_each(block, _button_text)])
        case _:
            return "\n".join([*_each(block, _inline_text)])


def _fact_text(line: str) -> str:
    label, value = _fact(line)
    return f"  {_inline_text(label)}{{{{ wording.colon }}}} {_inline_text(value)}"


def _inline_text(line: str) -> str:
    return LINK.sub(_link_text, BOLD.sub(r"\1", line))


def _link_text(link: re.Match[str]) -> str:
    return link[2] if link[1] == link[2] else f"{link[1]} ({link[2]})"


def _button_text(line: str) -> str:
    label, url = _button(line)
    return f"{label}{{{{ wording.colon }}}}\n{url}"


def _fact(line: str) -> tuple[str, str]:
    label, _, value = line.removeprefix("| ").partition(" | ")
    return label, value


def _button(line: str) -> tuple[str, str]:
    found = BUTTON.match(line)
    if found is None:
        raise ValueError(f"Not a button: {line}")
    return found[1], found[2]
