"""A person at a browser; whatever the browser complains of fails the test."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.journeys.keyboard import Keyboard
from web.demo import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import BrowserContext, ConsoleMessage, FilePayload, Locator, Page, Request, Response

    from tests.journeys.server import Server

# What stands in a form apart from its hidden machinery; a file counts with its name.
_TYPED = """form => [...new FormData(form)]
  .filter(([name]) => !['csrf_token', 'command_id', 'seen'].includes(name))
  .map(([name, value]) => [name, typeof value === 'string' ? value.replaceAll('\\r\\n', '\\n') : value.name])"""


def roster(content: str | bytes, name: str = "roster.csv") -> FilePayload:
    """A file as a browser hands it over."""
    return {"name": name, "mimeType": "text/csv", "buffer": content.encode() if isinstance(content, str) else content}


@dataclass
class Visitor:
    """One person with one browser window.

    A page that answers 4xx to being asked for is a complaint too, unless the test `expects` it; a form that comes back
    with 4xx is what the test then looks at.
    """

    context: BrowserContext
    server: Server
    page: Page = field(init=False)
    complaints: list[str] = field(default_factory=list)
    expects: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.complaints.append(f"page error: {error.error}"))
        self.context.on("requestfailed", self._request_failed)
        self.context.on("response", self._response)
        self.page = self.context.new_page()
        # from the start: a chooser that opens at once would else come before the browser is told to hand it over
        self.page.on("filechooser", lambda _: None)

    @property
    def keyboard(self) -> Keyboard:
        return Keyboard(self.page)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def notices(self) -> Locator:
        """What the page says about what was just done."""
        return self.page.locator(".notices [role=status]")

    @property
    def faults(self) -> Locator:
        """The list on top of a form that came back."""
        return self.page.get_by_role("alert").get_by_role("listitem")

    def go(self, path: str) -> None:
        """Open a page of the server."""
        self.page.goto(self.server.url + path)

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Fill in the form of the sign-in page, which is open."""
        self.page.get_by_label("E-mail").fill(f"{name}@larkfield.example")
        self.page.get_by_label("Password").fill(password)
        self.send("Sign in")

    def form(self, button: str) -> Locator:
        """The form that ends with this button."""
        own = self.page.get_by_role("button", name=button, exact=True)
        return self.page.locator("form").filter(has=own)

    def fill(self, button: str, answers: Mapping[str, Any]) -> None:
        """Fill in a form by what a person reads.

        A label names a field, the legend of a group with options to choose names these; "Weakness 2 / Remedy" is a
        field of a part with a heading of its own.
        """
        for label, answer in answers.items():
            part, _, own = label.rpartition(" / ")
            form = self.form(button)
            if part:
                form = form.get_by_role("group", name=part)
            group = form.locator("fieldset.pick, fieldset.choice").filter(
                has=self.page.locator("legend").get_by_text(own, exact=True)
            )
            name = re.compile(rf"^\s*{re.escape(own)}( [(]optional[)])?$")
            if group.count():
                for box in group.locator("[type=checkbox]").all():
                    box.uncheck()
                for option in [answer] if isinstance(answer, str) else answer:
                    group.get_by_label(re.compile(rf"^\s*{re.escape(option)}")).check()
            elif (choice := form.get_by_role("combobox", name=name)).count():
                choice.select_option(label=answer)
            elif isinstance(answer, bool):
                form.get_by_label(name).set_checked(answer)
            else:
                form.get_by_label(name).fill(answer)

    def typed(self, button: str) -> list[list[str]]:
        """What stands in a form."""
        found: list[list[str]] = self.form(button).evaluate(_TYPED)
        return found

    def send(self, button: str) -> None:
        """Press the button of a form, and wait for the answer."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()

    def link(self, name: str, *, exact: bool = False) -> Locator:
        """A link of the main part; some look like buttons and say so."""
        plain = self.main.get_by_role("link", name=name, exact=exact)
        return plain.or_(self.main.locator("a[role=button]").get_by_text(name, exact=exact)).first

    def follow(self, name: str, *, exact: bool = False) -> None:
        """Follow a link, and wait for the page."""
        with self.page.expect_navigation():
            self.link(name, exact=exact).click()

    def reads(self, *sentences: str) -> None:
        """Check that the page says something."""
        for sentence in sentences:
            expect(self.main).to_contain_text(sentence)

    def _console(self, message: ConsoleMessage) -> None:
        # the browser repeats the status of every answer; `_response` judges those
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _request_failed(self, request: Request) -> None:
        # a file that is saved, and a form that is sent twice, end the navigation without a page
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.method} {request.url} failed: {request.failure}")

    def _response(self, answer: Response) -> None:
        if not answer.url.startswith(self.server.url):
            self.complaints.append(f"asked another site: {answer.url}")
        sent_form = answer.request.method == "POST" and answer.status < 500
        signed_out = "/live/" in answer.url and answer.status == 401  # an open page learns it, and says so
        if answer.status >= 400 and not sent_form and not signed_out and answer.status not in self.expects:
            self.complaints.append(f"{answer.request.method} {answer.url} answered {answer.status}")
