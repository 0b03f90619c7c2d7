"""The small markup that mails are written in."""

import pytest

from notifications.templates.markup import compile_mail

HEAD = "Subject: Hello\nPreview: Short\n\n"


@pytest.mark.parametrize(
    ("written", "html", "text"),
    [
        ("# Big", '<h1 style="{{ styles.heading }}">Big</h1>', "Big"),
        ("A & B", '<p style="{{ styles.paragraph }}">A &amp; B</p>', "A & B"),
        ("**{{ a }}** b", "<strong>{{ a }}</strong> b", "{{ a }} b"),
        ("[shop]({{ u }})", '<a href="{{ u }}" style="{{ styles.link }}">shop</a>', "shop ({{ u }})"),
        ("[{{ u }}]({{ u }})", ">{{ u }}</a>", "{{ u }}"),
        ("{% for a in b %}\n- {{ a }}\n{% endfor %}", "{% for a in b %}\n<li", "{% for a in b %}\n  - {{ a }}"),
        ("1. One\n2. Two", '<ol style="{{ styles.list }}">', "  1. One\n  2. Two"),
        ("| Date | {{ d }}", '<td style="{{ styles.label }}">Date</td>', "  Date{{ wording.colon }} {{ d }}"),
        ("[[Go -> {{ u }}]]", '<a href="{{ u }}" style="{{ styles.button }}">Go</a>', "Go{{ wording.colon }}\n{{ u }}"),
        ("{% if a %}\n\nText\n\n{% endif %}", "{% if a %}\n<p", "{% if a %}"),
        (
            "{% if a %}A{% else %}B{% endif %}",
            '<p style="{{ styles.paragraph }}">{% if a %}A',
            "{% if a %}A{% else %}B",
        ),
    ],
)
def test_one_text_becomes_html_and_plain_text(written: str, html: str, text: str) -> None:
    source = compile_mail(HEAD + written + "\n")

    assert html in source.html
    assert text in source.text


def test_a_mail_without_subject_and_preview_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with"):
        compile_mail("Subject: only\n\nText")
