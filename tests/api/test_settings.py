"""What the environment says, and what of it is shown."""

from __future__ import annotations

from pathlib import Path

from api.settings import from_environment

URI = "postgresql://ann:secret@host/bars"


def test_bars_are_a_file_in_the_home_unless_the_environment_says_otherwise() -> None:
    home = Path("home")
    assert from_environment({}, home).bars == home / "bars.sqlite"
    assert from_environment({"BARS_PATH": "a.db", "BARS_URI": ""}, home).bars == Path("a.db")
    assert from_environment({"BARS_PATH": "a.db", "BARS_URI": URI}, home).bars == URI


def test_settings_are_shown_without_passwords() -> None:
    given = {"BARS_URI": URI, "GRAPH_PASSWORD": "secret"}
    assert "secret" not in repr(from_environment(given, Path("home")))
