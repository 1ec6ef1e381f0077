"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from web.access.throttle import FREE_TRIES_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from tests.journeys.browsing import Visitor

NOT_TOGETHER = "This e-mail address and this password do not belong together. Look for a slip, then try again."


def session_of(context: BrowserContext) -> dict[str, object] | None:
    """The cookie that says who is signed in."""
    found = (dict(cookie) for cookie in context.cookies() if cookie.get("name") == "rungwise")
    return next(found, None)


def test_a_wrong_password_gets_one_sentence_that_tells_nobody_which_addresses_are_known(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    visitor.go("/sign-in")
    for name in ("abara", "nobody-here"):
        visitor.sign_in(name, "not the password")
        expect(visitor.faults).to_have_text([NOT_TOGETHER])
        expect(visitor.page.get_by_label("E-mail")).to_have_value(f"{name}@larkfield.example")
        expect(visitor.page.get_by_label("Password")).to_have_value("")
    assert session_of(visitor.context) is None


def test_an_empty_field_gets_a_sentence_of_its_own(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/sign-in")
    visitor.send("Sign in")
    expect(visitor.faults).to_have_count(2)
    expect(visitor.page.get_by_label("Password")).to_have_accessible_description("This is needed: a password.")


def test_after_too_many_tries_even_the_right_password_waits(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/sign-in")
    for _ in range(FREE_TRIES_ACCOUNT):
        visitor.sign_in("novak", "not the password")
        expect(visitor.faults).to_have_text([NOT_TOGETHER])
    visitor.sign_in("novak")
    expect(visitor.faults).to_contain_text("Too many tries. Wait ")
    expect(visitor.faults).to_contain_text("nothing is locked for good.")
    # a colleague is not kept waiting
    visitor.sign_in("chen")
    expect(visitor.heading).to_have_text("Cohort 2026")


def test_a_session_lives_in_a_cookie_that_scripts_and_other_sites_do_not_get(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.context.add_cookies([{"name": "rungwise", "value": "planted", "url": visitor.server.url}])
    visitor.go("/sign-in")
    visitor.sign_in("chen")
    cookie = session_of(visitor.context)
    assert cookie is not None
    assert cookie["value"] != "planted"
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"], cookie["expires"]) == (True, "Lax", "/", -1)
    assert visitor.page.evaluate("document.cookie") == ""


def test_a_link_from_elsewhere_leads_there_after_signing_in(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/cohorts/2026?recommendation=CONTESTED&sort=contact")
    expect(visitor.heading).to_have_text("Sign in")
    visitor.sign_in("chen", "a slip of the finger")
    visitor.sign_in("chen")
    expect(visitor.page).to_have_url(f"{visitor.server.url}/cohorts/2026?recommendation=CONTESTED&sort=contact")


def test_a_link_to_another_site_is_not_followed(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/sign-in?next=//elsewhere.example/cohorts")
    visitor.sign_in("chen")
    expect(visitor.page).to_have_url(f"{visitor.server.url}/cohorts/2026")


def test_who_signed_out_sees_nothing_again_not_even_by_going_back(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/sign-in")
    visitor.sign_in("abara")
    expect(visitor.heading).to_have_text("Cohort 2026")
    visitor.send("Sign out")
    expect(visitor.notices.last).to_have_text("You are signed out.")
    assert session_of(visitor.context) is None
    visitor.page.go_back()
    expect(visitor.heading).to_have_text("Sign in")


def test_signing_out_everywhere_ends_the_other_sessions_too(visit: Callable[..., Visitor]) -> None:
    at_home, at_work = visit(), visit()
    for one in (at_home, at_work):
        one.go("/sign-in")
        one.sign_in("ruiz")
    at_work.go("/password")
    at_work.send("Sign out everywhere")
    expect(at_work.notices.last).to_have_text("You are signed out everywhere (2 places).")
    at_home.go("/cohorts/2026")
    expect(at_home.heading).to_have_text("Sign in")


def test_everybody_signed_out_reads_where_to_find_help(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/sign-in")
    visitor.reads("Larkfield student support, 555-0142, day and night; or call or text 988")
