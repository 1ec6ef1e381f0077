"""Makes distributions that look installed: a module, and beside it what an installer writes."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

REFERENCE = (Path(__file__).parents[1] / "plugins" / "README.md").read_text("utf-8")


def reference(name: str = "space") -> str:
    """The module that the examples of the hook reference are, put together; it has every hook.

    Args:
        name: in place of "space" in every name and id, so that two such plugins stand beside each other.
    """
    source = "\n".join(re.findall(r"```python\n(.*?)```", REFERENCE, re.DOTALL))
    apart = source.replace("far-north", f"{name}-north").replace("TRACK.em-remote", f"TRACK.{name}-remote")
    return apart.replace("space", name).replace("SPACE", name.upper())


def install(folder: Path, name: str, source: str, *, version: str = "1.0") -> Path:
    """Install a plugin of one module into a folder; return the module's file.

    Args:
        folder: has to be on the module search path.
        name: of the plugin, the distribution and, with "_hooks" after it, the module.
        source: of the module.
        version: of the distribution.
    """
    about = folder / f"{name}-{version}.dist-info"
    about.mkdir(parents=True)
    module = folder / f"{name}_hooks.py"
    module.write_text(textwrap.dedent(source), "utf-8")
    written = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: The {name} plugin\n",
        "entry_points.txt": f"[rungwise]\n{name} = {name}_hooks\n",
        "INSTALLER": "test\n",
    }
    for file, text in written.items():
        (about / file).write_text(text, "utf-8")
    listed = [module.name, *(f"{about.name}/{file}" for file in (*written, "RECORD"))]
    (about / "RECORD").write_text("".join(f"{file},,\n" for file in listed), "utf-8")
    return module
