"""What an open board fetches: what changed is marked, and what left the list is sent along with what it is now."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from tests.integration.pages import words

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.integration.board.conftest import Team

URL = "/cohorts/2026"
BY_ITSELF = {"HX-Request": "true"}


def refetch(browser: FlaskClient, url: str, after: str) -> str:
    answer = browser.get(f"{url}{'&' if '?' in url else '?'}after={after}", headers=BY_ITSELF)
    assert answer.status_code == 200
    return answer.text


def mark_of(browser: FlaskClient, url: str = URL) -> str:
    (found,) = re.findall(r'data-after="([^"]+)"', browser.get(url).text)
    return str(found)


def rows(html: str) -> dict[str, str]:
    """The rows of the table by their ids, each in words."""
    return {key: words(text) for key, text in re.findall(r'<tr role="row" id="(of-[^"]+)"(.*?)</tr>', html, re.DOTALL)}


def listed(html: str) -> str:
    return html[: html.index('<template id="gone"')]


def gone(html: str) -> str:
    return html[html.index('<template id="gone"') :]


def test_every_row_can_be_found_again(lena: FlaskClient, cohort: Team) -> None:
    html = lena.get(URL).text
    assert len(rows(html)) == 6
    assert f"of-{cohort.of('S-1')}" in rows(html)
    assert not rows(gone(html))


def test_what_changed_since_the_page_was_read_is_marked_however_much_else_is_new(
    lena: FlaskClient, cohort: Team
) -> None:
    after = mark_of(lena)
    assert "is-now" not in lena.get(URL).text, "six changed with the roster: too many to mark"
    cohort.talks("S-1", date(2026, 6, 15))
    html = refetch(lena, URL, after)
    assert html.count("is-now") == 1
    assert "Ada Heron S-1 Meeting with the student just now, Lena Lead" in rows(html)[f"of-{cohort.of('S-1')}"]
    assert "is-now" not in refetch(lena, URL, mark_of(lena)), "until the next change"


def test_who_does_not_fit_the_filter_any_more_is_sent_beside_the_list_as_they_are_now(
    lena: FlaskClient, cohort: Team
) -> None:
    quiet = f"{URL}?needs=no_contact"
    after, row = mark_of(lena, quiet), f"of-{cohort.of('S-2')}"
    assert row in rows(listed(lena.get(quiet).text))
    cohort.talks("S-2", date(2026, 6, 16))
    html = refetch(lena, quiet, after)
    assert row not in rows(listed(html))
    assert "No longer in this list" in rows(gone(html))[row]
    assert " today " in rows(gone(html))[row]


def test_nobody_is_sent_beside_a_list_that_has_everybody(lena: FlaskClient, cohort: Team) -> None:
    after = mark_of(lena)
    cohort.talks("S-2", date(2026, 6, 16))
    assert not rows(gone(refetch(lena, URL, after)))


def test_a_page_asks_for_itself_under_its_own_address(lena: FlaskClient, cohort: Team) -> None:
    quiet = f"{URL}?needs=no_contact&sort=-changed"
    html = refetch(lena, quiet, mark_of(lena))
    assert 'hx-get="/cohorts/2026?needs=no_contact&amp;sort=-changed"' in html
    assert "&after=" not in html
    assert ";after=" not in html
    assert "?after=" not in html
    assert cohort.of("S-1")


def test_only_a_page_that_asks_by_itself_has_a_mark(lena: FlaskClient) -> None:
    assert lena.get(URL, query_string={"after": "x"}).status_code == 200
    assert lena.get(URL, query_string={"after": "x"}, headers=BY_ITSELF).status_code == 422
