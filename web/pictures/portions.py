"""What a comparison of paths comes from: shares of the spread as one bar, parts of a cost as falling bars."""

from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from web.pictures.figure import SMALL, Table, figure
from web.pictures.paths import MEDIUM, thousands
from web.pictures.svg import SECOND, box, drawing, fit, label, num, path, width


def shares(prefix: str, parts: Sequence[tuple[str, float]], reading: str) -> Markup:
    """Draw where the spread between the paths comes from: the specialty against a bracket of business decisions.

    Args:
        prefix: Starts every id of the picture.
        parts: Name and share [0 to 1]; the first is the specialty, the others are how one practices.
        reading: The sentence under it.
    """
    told = ", ".join(f"{name.lower()} {share:.0%}" for name, share in parts)
    says = ("What the spread between the paths comes from", told)
    rows = tuple((name, f"{share:.0%}") for name, share in parts)
    drawn = (
        drawing(kind, (wide, 76), f"{prefix}-{kind}", says, _shares(parts, wide))
        for kind, wide in (("half", MEDIUM), ("s", SMALL))
    )
    return figure(drawn, reading, Table(name="Where the spread comes from", columns=("Part", "Share"), rows=rows))


def _shares(parts: Sequence[tuple[str, float]], wide: int) -> Iterator[str]:
    shown = [(name, share) for name, share in parts if share > 0]
    scale: Callable[[float], float] = lambda share: (wide - 2 * len(shown)) * share  # noqa: E731 - one use, one line
    x = 0.0
    for number, (name, share) in enumerate(shown):
        bar, specialty = scale(share), number == 0 and name == parts[0][0]
        yield f'<g class="{"k-a" if specialty else "k-b"}">{box("fl", x, 24, bar, 26)}</g>'
        if bar > width(f"{share:.0%}", bold=True) + 4:
            yield label(x + bar / 2, 42, f"{share:.0%}", "inv m")
        if width(name, SECOND) <= bar:
            yield label(x, 68, name, "q")
        x += bar + 2
    first = parts[0][1]
    if first >= 0.3:  # noqa: PLR2004 - room for the words over its own bar
        yield label(0, 14, fit(f"specialty {first:.0%}", scale(first)), "b")
    rest = scale(first) + 2 if first else 0.0
    if first < 0.7:  # noqa: PLR2004 - as above, for the bracket
        yield path("rl", f"M{num(rest)} 19H{num(x - 2)}")
        yield label(rest, 14, fit(f"how one practices {1 - first:.0%}", wide - rest, bold=True), "b")


def costs(prefix: str, letter: str, parts: Sequence[tuple[str, int]], total: int, reading: str) -> Markup:
    """Draw the parts of a cost as falling bars; what comes in is hollow, the sum bold.

    Args:
        prefix: Starts every id of the picture.
        letter: Of the path.
        parts: Name and amount [USD]; below zero = money that comes in.
        total: Their sum.
        reading: The sentence under it.
    """
    told = "; ".join(f"{name}: {thousands(usd)}" for name, usd in parts)
    says = (f"What waiting costs on path {letter}, in dollars of today", f"{told}; together {thousands(total)}.")
    rows = (*((name, thousands(usd)) for name, usd in parts), ("Together", thousands(total)))
    high = 44 * (len(parts) + 1) + 4
    drawn = (
        drawing(kind, (wide, high), f"{prefix}-{kind}", says, _costs(letter, parts, total, wide))
        for kind, wide in (("half", MEDIUM), ("s", SMALL))
    )
    return figure(drawn, reading, Table(name=f"Cost of waiting, path {letter}", columns=("Part", "Amount"), rows=rows))


def _costs(letter: str, parts: Sequence[tuple[str, int]], total: int, wide: int) -> Iterator[str]:
    sums = [0]
    for _, usd in parts:
        sums.append(sums[-1] + usd)
    low, high = min(sums), max(sums)
    each = (wide - 70) / max(high - low, 1)
    bars = [(name, usd, start, start + usd) for (name, usd), start in zip(parts, sums, strict=False)]
    for i, (name, usd, start, end) in enumerate([*bars, ("Together", total, 0, total)]):
        last, y = i == len(parts), 44 * i
        left, right = (min(start, end) - low) * each, (max(start, end) - low) * each
        yield label(0, y + 14, name, "b" if last else "")
        hollow = usd < 0 and not last
        shape = box("bx" if hollow else "fl", left, y + 20, max(right - left, 1), 18)
        yield f'<g class="k-{letter.lower()}">{shape}</g>'
        yield label(right + 6, y + 34, thousands(usd), "b" if last else "")
