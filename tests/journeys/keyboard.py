"""A person without a mouse: goes with the Tab key, and sees where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

STOPS_MAX = 300
_FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const words = text => (text || '').replace(/\\s+/g, ' ').replace(/ ([:,])/g, '$1').trim();
  const labels = [...(e.labels || [])].map(one => one.innerText).join(' ');
  const ring = e.getBoundingClientRect();
  const outlined = one => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) > 0;
  const drawn = one => one.stroke !== 'none' && parseFloat(one.strokeWidth) >= 3;  // a link in a picture
  return {
    name: words(e.getAttribute('aria-label') || labels || e.innerText || e.value).replace(/ [(]optional[)]$/, ''),
    group: words(e.closest('fieldset')?.querySelector('legend')?.innerText),
    checked: e.checked === true,
    // the button that opens a calendar lies inside its field, and has a ring of the browser's own
    ringed: e.type === 'date' || outlined(getComputedStyle(e))
      || (e instanceof SVGElement && [...e.querySelectorAll('*')].map(one => getComputedStyle(one)).some(drawn)),
    inside: ring.bottom > 0 && ring.top < innerHeight && ring.right > 0 && ring.left < innerWidth,
  };
}"""


@dataclass
class Keyboard:
    """Everything is done with keys, and every stop on the way shows that it has the focus."""

    page: Page

    def reach(self, name: str, group: str = "") -> None:
        """Go to the next control of this name; without a name to the next one of a group."""
        passed = []
        for _ in range(STOPS_MAX):
            self.page.keyboard.press("Tab")
            at = self._at()
            if at is None:
                continue
            if name in ("", at["name"]) and at["group"].startswith(group):
                return
            passed.append(at["name"])
            if passed.count("Skip to content") > 1:  # once around the whole page
                break
        raise AssertionError(f"the Tab key does not lead to {name!r} {group!r}; it passed {passed[:60]}")

    def follow(self, name: str) -> None:
        """Go to a link or a button, and press it."""
        self.reach(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, label: str, text: str, group: str = "") -> None:
        """Go to a field, and type into it in place of what stands there."""
        self.reach(label, group)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, group: str, option: str) -> None:
        """Go to a group of radio buttons, and choose one with the arrows."""
        self.reach("", group)
        for _ in range(STOPS_MAX):
            at = self._at()
            assert at is not None
            assert at["group"].startswith(group), f"the arrows do not lead to {option!r} in {group!r}"
            if at["name"].startswith(option):
                if not at["checked"]:
                    self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no such choice: {option!r} in {group!r}")

    def tick(self, label: str, group: str = "") -> None:
        """Go to a box, and tick it."""
        self.reach(label, group)
        self.page.keyboard.press("Space")

    def _at(self) -> dict[str, Any] | None:
        at: dict[str, Any] | None = self.page.evaluate(_FOCUSED)
        if at is not None:
            assert at["ringed"], f"{at['name']!r} does not show that it has the focus"
            assert at["inside"], f"{at['name']!r} has the focus out of sight"
        return at
