"""The pinned versions install on every Python that the README promises."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11.0", "3.11.2", "3.12.0", "3.13.0")  # Debian 12 comes with 3.11.2


def pins() -> dict[str, str]:
    """Version by canonical name, from constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in rows}


def refuses(of: Distribution) -> list[str]:
    """The promised Pythons on which this version cannot be installed."""
    takes = SpecifierSet(of.metadata.get("Requires-Python") or "")
    return [python for python in PYTHONS if not takes.contains(python)]


def test_the_promise_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert all(SpecifierSet(project["requires-python"]).contains(python) for python in PYTHONS)
    assert "Python 3.11 to 3.13" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_what_is_installed_installs_on_every_promised_python() -> None:
    """Looks at what is installed, which `make install` took from constraints.txt."""
    refused = {of.metadata["Name"]: bad for of in distributions() if (bad := refuses(of))}
    assert not refused, f"pin older versions of these in constraints.txt: {refused}"


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {canonicalize_name(re.split(r"[\[<>=!~ ;]", one)[0]) for one in wanted}
    assert names <= set(pins()), "run pip freeze for the new ones and add them to constraints.txt"
