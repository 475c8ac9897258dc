"""The committed page is what ui/ builds, needs nobody else's server, and is small."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gnn.features import TRACES

ROOT = Path(__file__).parents[2]
WEB = ROOT / "api" / "web"
FIRST_LOAD_BYTES = 200_000


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=os.environ, text=True, capture_output=True, timeout=200
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of ui/ with its pinned packages installed."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not on the path; only `make ui` needs them")
    copy = tmp_path_factory.mktemp("ui") / "ui"
    shutil.copytree(ROOT / "ui", copy, ignore=shutil.ignore_patterns("node_modules"))
    installed = run("npm", "ci", "--ignore-scripts", "--no-audit", cwd=copy)
    if installed.returncode:
        pytest.skip(f"npm ci could not install the page's packages: {installed.stderr[-300:]}")
    return copy


def test_the_committed_bundle_is_what_the_source_builds(source: Path, tmp_path: Path) -> None:
    built = run("node", "build.mjs", str(tmp_path), cwd=source)
    assert built.returncode == 0, built.stderr
    assert contents(tmp_path) == contents(WEB), "run `make ui` and commit api/web"


def test_the_source_type_checks(source: Path) -> None:
    checked = run("npm", "run", "--silent", "check", cwd=source)
    assert checked.returncode == 0, checked.stdout


def test_every_trace_has_a_label() -> None:
    names = (ROOT / "ui" / "src" / "format.ts").read_text(encoding="utf-8")
    labels = re.search(r"const TRACES\b.*?\{(.*?)\}", names, re.DOTALL)
    assert labels
    assert set(TRACES) <= set(re.findall(r"^\s*(\w+): \".+\",$", labels[1], re.MULTILINE))


def test_the_lock_file_names_no_registry() -> None:
    packages = json.loads((ROOT / "ui" / "package-lock.json").read_text())["packages"]
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert all("integrity" in entry for name, entry in packages.items() if name)


def test_the_page_loads_from_its_own_server_only() -> None:
    page = (WEB / "index.html").read_text()
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(named) >= 3
    assert all((WEB / name).is_file() for name in named)
    css = "".join(path.read_text() for path in (WEB / "assets").glob("*.css"))
    assert not re.search(r"@import|url\(", css)


def test_the_whole_page_is_small() -> None:
    parts = [WEB / "index.html", *(WEB / "assets").iterdir()]
    assert sum(len(gzip.compress(part.read_bytes())) for part in parts) <= FIRST_LOAD_BYTES


def test_the_notices_travel_with_the_bundle() -> None:
    notice = (WEB / "NOTICE").read_text()
    for word in ("tradingview.com", "sigma", "graphology", "Preact", "Apache License"):
        assert word in notice
