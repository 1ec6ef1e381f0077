from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.readmodel.school import School


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with School(tmp_path) as made:
        yield made
