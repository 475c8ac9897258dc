"""The command as a person runs it: what it says when something is wrong, and how it ends."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import api.commands
from api.cli import parser

COMMANDS = tuple(command.name for command in api.commands.COMMANDS)
Ran = subprocess.CompletedProcess[str]


def sentinelmarket(*args: str | Path, **environ: str) -> Ran:
    """The command in a process of its own, with no settings but those given."""
    ours = ("GRAPH_", "BARS_", "SENTINELMARKET_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-m", "api", *map(str, args)],
        env=clean | environ,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refusal(ran: Ran) -> str:
    """The one sentence on standard error of a command that could not be done."""
    assert ran.returncode == 1, ran
    assert "Traceback" not in ran.stderr + ran.stdout
    lines = ran.stderr.strip().splitlines()
    assert len(lines) == 1, ran.stderr
    assert lines[0].startswith("sentinelmarket: ")
    return lines[0]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the tests that open a store; nothing is ever loaded into it."""
    return tmp_path_factory.mktemp("home")


def test_a_process_that_ends_looks_for_no_garbage() -> None:
    told = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0)); "
    asked = told + " from api.cli import main; main(['--help'])"
    where = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", asked], cwd=where, capture_output=True, text=True)
    assert ran.stdout.splitlines()[-1] == "True"


def test_help_names_every_command() -> None:
    ran = sentinelmarket("--help")
    assert ran.returncode == 0
    listed = re.findall(r"^    ([\w-]+)(?:  |$)", ran.stdout, re.MULTILINE)
    assert tuple(sorted(listed)) == tuple(sorted(COMMANDS))


def test_every_command_with_a_file_is_listed() -> None:
    modules = [
        import_module(f"api.commands.{module.name}")
        for module in iter_modules(api.commands.__path__)
    ]
    files = {module.COMMAND.name for module in modules if hasattr(module, "COMMAND")}
    assert files == set(COMMANDS)
    assert files >= {"demo", "ingest", "run", "clusters", "alerts", "stock", "account", "serve"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_that_parses(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parser().parse_args([command, "--help"])
    assert stopped.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    found = re.search(rf"Example: sentinelmarket ({command}\b.*)$", shown)
    assert found, shown
    assert parser().parse_args(found[1].split())


def test_no_command_is_a_question_of_usage() -> None:
    ran = sentinelmarket()
    assert ran.returncode == 2
    assert "usage: sentinelmarket" in ran.stderr


@pytest.mark.parametrize("command", ["run", "clusters", "serve"])
def test_a_store_that_does_not_answer_is_named(command: str, tmp_path: Path) -> None:
    port = ("--port", "0") if command == "serve" else ()
    said = refusal(
        sentinelmarket("--home", tmp_path, command, *port, GRAPH_URI="bolt://127.0.0.1:1")
    )
    assert "bolt://127.0.0.1:1" in said
    assert "docker compose up neo4j" in said


WHEEL_GONE = "import sys\nsys.modules['arcadedb_embedded'] = None\n"  # find_spec: not installed


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("sitecustomize.py", WHEEL_GONE, "needs the package arcadedb-embedded"),
        ("arcadedb_embedded/__init__.py", "", "no Java runtime"),
    ],
    ids=["without the wheel", "a wheel without Java"],
)
@pytest.mark.parametrize("words", [("clusters",), ("ingest", "--quiet", __file__)])
def test_a_store_that_cannot_start_says_what_to_install(
    tmp_path: Path, file: str, content: str, says: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "site" / file).parent.mkdir(parents=True)
    (tmp_path / "site" / file).write_text(content, encoding="utf-8")
    said = refusal(
        sentinelmarket("--home", tmp_path / "home", *words, PYTHONPATH=str(tmp_path / "site"))
    )
    assert says in said
    assert "install" in said
    assert "GRAPH_URI=bolt://" in said
    assert not list((tmp_path / "home").rglob("endpoint.json"))


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_busy_port_is_said_before_any_work(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal(sentinelmarket("--home", tmp_path, command, "--port", str(port)))
    assert str(port) in said
    assert "--port" in said
    assert not list(tmp_path.iterdir())


def test_a_wrong_file_names_the_formats_there_are(home: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "shopping.txt"
    wrong.write_text("milk\neggs\n", encoding="utf-8")
    said = refusal(sentinelmarket("--home", home, "ingest", "--quiet", wrong))
    assert "shopping.txt" in said
    assert "X API v1.1" in said or "x-v1.1-jsonl" in said
    assert "yahoo" in said.lower() or "Yahoo" in said


def test_a_missing_file_is_named(home: Path, tmp_path: Path) -> None:
    said = refusal(sentinelmarket("--home", home, "ingest", "--quiet", tmp_path / "gone.jsonl"))
    assert "gone.jsonl" in said


@pytest.mark.parametrize(
    ("words", "next_step"),
    [
        (("clusters",), "sentinelmarket run"),
        (("run", "--quiet"), "sentinelmarket ingest"),
        (("why", "x:1", "x:2"), "x:123"),
    ],
)
def test_an_empty_home_says_what_to_run(home: Path, words: tuple[str, ...], next_step: str) -> None:
    assert next_step in refusal(sentinelmarket("--home", home, *words))


def test_no_alerts_are_an_empty_list_for_programs(home: Path) -> None:
    ran = sentinelmarket("--home", home, "alerts", "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == []


@pytest.mark.parametrize("words", [("forget",), ("run", "--as-of", "yesterday")])
def test_what_is_missing_is_said(words: tuple[str, ...], tmp_path: Path) -> None:
    ran = sentinelmarket("--home", tmp_path, *words)
    assert ran.returncode in (1, 2)
    assert "Traceback" not in ran.stderr
    assert "--since" in ran.stderr or "2026-03-01" in ran.stderr
