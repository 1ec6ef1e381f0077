"""`rungwise income`: the documented scenario is answered, a bad one is refused line by line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from web.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLE = Path(__file__).parents[3] / "docs" / "scenario.toml"
SMALL = '{"seed": 1, "draws": 500, "paths": [{"ladder": "ORTHO.anes-pain"}]}'


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], None]:
    """Put a text on standard input."""

    def put(text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put


def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


def test_the_documented_scenario_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["income", str(EXAMPLE)]) == 0

    result = answer(capsys)
    assert [one["name"] for one in result["paths"]][1] == "Reapply to orthopedics after a research year"
    assert (result["model_version"], result["seed"], result["draws"]) == ("1", 20260616, 10000)
    assert result["paths"][1]["gap_cost"]["years"] == 1
    assert len(result["beats"]) == len(result["break_even"]) == 4
    assert result["questions"] == []


def test_json_on_standard_input_is_read_and_the_answer_can_be_repeated(
    given: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    given(SMALL)
    assert main(["income", "-"]) == 0
    first = answer(capsys)
    given(SMALL)
    assert main(["income", "-"]) == 0

    assert answer(capsys) == first


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            b"\xff\xfe",
            "rungwise: scenario: 'byte 1 is not UTF-8' is not allowed (one scenario in TOML or JSON, in UTF-8)",
        ),
        ('{"seed": 1, "seed": 2}', "rungwise: scenario: 'the key seed stands twice in one object' is not allowed"),
        ('{"seed": NaN}', "rungwise: scenario: 'NaN' is not allowed (numbers that JSON knows)"),
        ("seed = ", "rungwise: scenario: 'no TOML: Invalid value (at end of document)' is not allowed"),
        ('{"a":' * 3000 + "1" + "}" * 3000, "rungwise: scenario: 'nested too deeply' is not allowed"),
        ("", "seed: missing (a whole number from 0 to 9223372036854775807)"),
        (f"seed = {'9' * 5000}", "rungwise: scenario: "),
        ("seed = 2020-01-01\n[[paths]]\nladder = 3", "seed: 2020-01-01 is not allowed (a whole number from 0"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    text: str | bytes, line: str, given: Callable[[str | bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    given(text)

    assert main(["income", "-"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(line)
    assert "Traceback" not in err


def test_each_fault_is_a_line(given: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
    given('{"seed": 1, "draws": 5, "paths": [{"name": "a", "steps": []}]}')

    assert main(["income", "-"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "draws: 5 is not allowed (a whole number from 100 to 200000)",
        "paths[0].steps: [] is not allowed (a list of 1 to 12 steps, the last of them practice)",
    ]


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["income", "nowhere.toml"]) == 2
    assert "nowhere.toml" in capsys.readouterr().err
