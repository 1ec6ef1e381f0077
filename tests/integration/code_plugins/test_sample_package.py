"""A third party's package: built as a wheel, installed beside a copy of the product, type-checked, approved, used."""

from __future__ import annotations

import shutil
import site
import subprocess
import sys
import venv
import zipfile
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest

from core.advising.members import PublishPlaybook, publish_playbook
from plugins.host import load_packs, playbook_content
from tests.distributions import reference
from tests.integration.conftest import id_of
from tests.integration.forms import hidden_of
from tests.integration.journey.conftest import open_student, text_of
from tests.journeys.server import Server, serving
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[2] / "sample_plugin"
OURS = 'import sys; sys.argv[0] = "rungwise"; from web.cli import main; sys.exit(main())'


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that is ours and holds the sample's wheel too; nothing is fetched."""
    folder = tmp_path_factory.mktemp("sample")
    built = shutil.copytree(SOURCE, folder / "source")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=built, check=True, capture_output=True)
    venv.create(folder / "env", with_pip=False)
    (packages,) = (folder / "env" / "lib").glob("*/site-packages")
    ours = "".join(f"import site; site.addsitedir({one!r})\n" for one in site.getsitepackages())
    (packages / "ours.pth").write_text(ours)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:  # an installer does no more with a wheel of pure Python
        packed.extractall(packages)
    return folder / "env" / "bin" / "python"


def test_the_package_is_type_checked_where_it_is_installed(python: Path, tmp_path: Path) -> None:
    check = [sys.executable, "-m", "mypy", "--strict", f"--python-executable={python}", f"--cache-dir={tmp_path}"]
    done = subprocess.run([*check, "-p", "rungwise_space"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "Success: no issues found in 2 source files\n"


def test_the_examples_of_the_reference_are_typed_and_a_wrong_key_would_be_found(python: Path, tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(reference())
    (tmp_path / "wrong.py").write_text(
        "from rungwise import Panel, hookimpl\n\n@hookimpl\ndef rungwise_panels() -> list[Panel]:\n"
        '    return [{"titel": "a"}]\n'
    )
    check = [sys.executable, "-m", "mypy", "--strict", f"--python-executable={python}", f"--cache-dir={tmp_path}"]
    done = subprocess.run([*check, "right.py", "wrong.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("right.py")] == []
    assert any('Missing key "title" for TypedDict "Panel"' in line for line in lines)


def test_the_package_passes_the_conformance_class_with_its_own_tests(python: Path) -> None:
    tests = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", SOURCE / "conformance.py"]
    done = subprocess.run(tests, cwd=python.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


@dataclass
class Visitor:
    """A browser without a screen, signed in."""

    server: Server
    token: str
    form: str = ""

    def get(self, path: str) -> str:
        return self._ask("GET", path)[1]

    def post(self, path: str, page: str, **fields: str) -> tuple[int, str]:
        """Send the form for `path` that stands on a page."""
        return self._ask("POST", path, urlencode(hidden_of(self.get(page), path) | fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": f"rungwise={self.token}; {self.form}", "Content-Type": "application/x-www-form-urlencoded"}
        with closing(HTTPConnection(urlsplit(self.server.url).netloc, timeout=30)) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            for cookie in answer.msg.get_all("Set-Cookie") or ():
                self.form = cookie.partition(";")[0]
            return answer.status, answer.read().decode()


@dataclass
class Served:
    steward: Visitor
    lead: Visitor
    student: str
    folder: Path


@pytest.fixture
def served(python: Path, folder: Path) -> Iterator[Served]:
    """The school, served by the environment that holds the sample."""
    with closing(open_house(Settings(data_dir=folder), {})) as house:
        house.runner.start()
        steward = house.desk.principal(id_of(house, "steward"))
        content = playbook_content("2026", load_packs())
        publish_playbook(house.desk, steward, PublishPlaybook(command_id="packs", content=content, note="packs"))
        student = open_student(house).url
        tokens = {role: house.access.sessions.open(id_of(house, role)) for role in ("steward", "lead")}
    with serving(folder, arguments=["--workers", "1"], program=[str(python), "-c", OURS]) as server:
        yield Served(Visitor(server, tokens["steward"]), Visitor(server, tokens["lead"]), student, folder)


def test_the_package_is_approved_and_adds_a_panel_an_income_track_and_a_model(served: Served) -> None:
    steward, lead = served.steward, served.lead
    assert "Days to launch" not in lead.get(served.student)
    assert steward.post("/packs/plugins/space/approve", "/packs/plugins", digest=_digest(steward))[0] == 303
    _until_running(lead, served.student)

    assert "Days to launch plugin: Space medicine" in text_of(lead.get(served.student))

    today = {"effective_on": _today(served.folder), "note": "Space medicine is new here"}
    assert steward.post("/pack/space/propose/installed", "/pack/space/propose/installed", **today)[0] == 303
    assert lead.post("/proposals/1/approve", "/proposals/1")[0] == 303
    assert "Physician of a station" in text_of(lead.get("/pack/space"))

    money = {"plan": "standard", "status": "single", "balance": "0", "a_path": "field:emergency-medicine"}
    _, shown = lead.post(f"{served.student}/money", f"{served.student}/money", **money, a_by="space")
    assert "Pay as the model of Space medicine has it." in text_of(shown)
    with closing(open_house(Settings(data_dir=served.folder), {})) as house:
        packs = {one["name"]: one for one in house.desk.playbook().content["packs"]}
        assert [row["id"] for row in packs["space"]["tracks"]] == ["TRACK.space-station"]


def _digest(steward: Visitor) -> str:
    return hidden_of(steward.get("/packs/plugins"), "/packs/plugins/space/approve")["digest"]


def _until_running(visitor: Visitor, page: str) -> None:
    """Load the page again as it asks to, until the plugin has started."""
    for _ in range(20):
        if "is busy or being started" not in visitor.get(page):
            return
    raise AssertionError("the plugin did not start")


def _today(folder: Path) -> str:
    with closing(open_house(Settings(data_dir=folder), {})) as house:
        return house.desk.today().isoformat()
