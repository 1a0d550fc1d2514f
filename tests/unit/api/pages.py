"""Reading pages as a browser would, as far as tests need it."""

import html
import re

HTMX = {"HX-Request": "true"}


def text_of(markup: str) -> str:
    """What is there to read, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def links(markup: str) -> set[str]:
    return {html.unescape(address) for address in re.findall(r'href="([^"]*)"', markup)}


def rows(markup: str) -> list[str]:
    """The rows of the table's body."""
    body = markup.partition("<tbody")[2].partition("</tbody>")[0]
    return re.findall(r"<tr.*?</tr>", body, re.DOTALL)
