"""What the documents say to type exists, and the change log knows this version."""

from __future__ import annotations

import argparse
import re
import tomllib
from pathlib import Path

import pytest

from api.cli import parser

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
TYPED = re.compile(r"\bsentinelmarket((?:[ \t]+[^\s`#|;)]+)*)")


def typed(text: str) -> list[list[str]]:
    """The words after every `sentinelmarket` that stands in code, comments apart."""
    code = "\n".join(found.strip("`") for found in CODE.findall(text))
    return [words.split() for words in TYPED.findall(code) if words.strip()]


def command_of(words: list[str]) -> str | None:
    """The command among the words: the first that is neither an option nor --home's value."""
    rest = iter(words)
    for word in rest:
        if word == "--home":
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return None


def commands() -> dict[str, argparse.ArgumentParser]:
    (found,) = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def unknown(text: str) -> list[str]:
    """What a text says to type that the command line does not know."""
    known = commands()
    wrong = []
    for words in typed(text):
        name = command_of(words)
        if name is not None and name != "COMMAND":
            options = [w.split("=")[0] for w in words if w.startswith("--")]
            takes = known[name].format_help() if name in known else ""
            if name not in known or any(o not in takes for o in options if o != "--home"):
                wrong.append(" ".join(words))
    return wrong


@pytest.mark.parametrize("path", sorted(p.name for p in ROOT.glob("*.md")))
def test_what_a_document_says_to_type_exists(path: str) -> None:
    assert not unknown((ROOT / path).read_text(encoding="utf-8"))


def test_the_readme_shows_commands_to_type() -> None:
    shown = {command_of(words) for words in typed((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert {"ingest", "run", "serve"} <= shown


def test_the_change_log_knows_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^#+ .*\b{re.escape(project['version'])}\b", log, re.MULTILINE)


def test_a_command_that_is_not_there_is_found() -> None:
    block = "```\nsentinelmarket run  # as ever\nsentinelmarket predict x:1\n```\n"
    text = block + "or `sentinelmarket run --fast`"
    assert unknown(text) == ["predict x:1", "run --fast"]
    assert not unknown("sentinelmarket ties accounts; `pip install sentinelmarket`, then `make`")
    assert not unknown("`sentinelmarket --home data clusters --json`")
