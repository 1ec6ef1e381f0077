"""The other tests rest on this: what a browser complains of is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.browsing import Visitor


def test_an_inline_style_is_refused_by_the_browser_and_noticed(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/sign-in")
    visitor.page.evaluate("document.body.setAttribute('style', 'color: red')")
    visitor.page.wait_for_function("true")
    assert "Content Security Policy" in " ".join(visitor.complaints)
    visitor.complaints.clear()


def test_a_script_of_the_page_that_breaks_is_noticed(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/sign-in")
    with visitor.page.expect_event("pageerror"):
        visitor.page.evaluate("() => { setTimeout(() => { throw new Error('broken') }, 0) }")
    assert "broken" in " ".join(visitor.complaints)
    visitor.complaints.clear()


def test_a_page_that_is_not_there_is_noticed(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/static/nothing.css")
    assert "answered 404" in " ".join(visitor.complaints)
    visitor.complaints.clear()
