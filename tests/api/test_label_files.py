"""Labels in and out of files: what is good is taken, what is not is told with its line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from api.cli import main
from api.label_files import OPTIONAL, REQUIRED, Imported, export_labels, import_labels
from graph.errors import SourceRefused
from graph.label_store import EVER, read_labels
from graph.store import GraphStore
from tests.api import market

NOW = market.AS_OF + market.DAY
HEAD = ",".join((*REQUIRED, "reason"))
ANN = market.account_id(0, 0)
GOOD = f"account,{ANN},promotion,gold,1,release 7,2024-01-02,named in it"


@pytest.fixture
def filled(embedded_store: GraphStore) -> GraphStore:
    """A store with the small market."""
    market.put_market(embedded_store)
    return embedded_store


def taken(store: GraphStore, folder: Path, *rows: str, head: str = HEAD) -> Imported:
    """What comes of a file with these rows."""
    path = folder / "labels.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return import_labels(store, path, NOW)


def test_good_rows_are_taken_and_bad_ones_are_told_with_their_line(
    filled: GraphStore, tmp_path: Path
) -> None:
    done = taken(
        filled,
        tmp_path,
        GOOD,
        f"account,{ANN},guilty,gold,1,release 7,2024-01-02,",
        "",
        'stock-day,T0:2023-11-16,promotion,gold,0.9,release 7,2024-01-02T10:00Z,"two\nlines"',
        "account,x:nobody,promotion,gold,1,release 7,2024-01-02,",
        f"account,{ANN},harmless,gold,1,release 7,2024-01-02,",
        f"account,{ANN},harmless,gold,much,release 8,2024-01-02,",
        f"account,{ANN},harmless,gold,1,release 8,soon,",
        f"account,{ANN},harmless,gold,1,release 8,2999-01-01,",
        f"account,{ANN},harmless,,1,release 8,2024-01-02,",
        f"account,{ANN},harmless,gold,1,release 8,2024-01-02,a,b",
        GOOD,
    )
    assert (done.rows, done.written, done.there) == (11, 2, 1)
    reasons = {reject.line: reject.reason for reject in done.rejects}
    for (line, reason), expected in zip(
        reasons.items(),
        (
            (3, "no verdict; there are promotion, harmless, unclear"),
            (7, "the graph holds no account 'x:nobody'"),
            (8, "needs a later known_at"),
            (9, "write a number above 0"),
            (10, "write 2026-03-01"),
            (11, "in the future"),
            (12, "tier is empty"),
            (13, "quote commas"),
        ),
        strict=True,
    ):
        assert line == expected[0]
        assert expected[1] in reason
    assert {x.subject: x.reason for x in read_labels(filled, EVER)} == {
        ANN: "named in it",
        "T0:2023-11-16": "two lines",
    }


def test_the_same_file_again_changes_nothing(filled: GraphStore, tmp_path: Path) -> None:
    taken(filled, tmp_path, GOOD)
    again = taken(filled, tmp_path, GOOD)
    assert (again.written, again.there, again.rejects) == (0, 1, ())


def test_what_was_written_comes_back_as_it_was(filled: GraphStore, tmp_path: Path) -> None:
    later = GOOD.replace("promotion", "harmless").replace("2024-01-02", "2024-01-03T01:02:03.004Z")
    taken(filled, tmp_path, GOOD, later.replace("named in it", "=1+1"))
    out = io.StringIO()
    before = read_labels(filled, EVER)
    export_labels(before, out)
    assert "\n'=1" not in out.getvalue()
    assert ",'=1+1," in out.getvalue()  # a spreadsheet would run it
    filled.write("ingest/forget_account_labels", id=ANN)
    path = tmp_path / "out.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    assert import_labels(filled, path, NOW).written == 2
    assert read_labels(filled, EVER) == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"milk,eggs\n1,2\n", "has no column kind, subject"),
        (b"", "has no column kind"),
        (HEAD.encode() + b"\n\xff\xfe", "no CSV file in UTF-8"),
        (HEAD.encode() + b'\naccount,"x', "no CSV file in UTF-8"),
    ],
)
def test_a_file_without_labels_is_refused_whole(
    filled: GraphStore, tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)
    with pytest.raises(SourceRefused, match=says):
        import_labels(filled, path, NOW)
    with pytest.raises(SourceRefused, match="cannot be read"):
        import_labels(filled, tmp_path / "gone.csv", NOW)
    assert set(OPTIONAL) & set(REQUIRED) == set()


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from api.settings import Settings
    from api.stores import open_both

    home = tmp_path / "home"
    store, bars = open_both(Settings(home))
    market.put_market(store)  # it stays open: the commands join its server
    path = tmp_path / "labels.csv"
    path.write_text(f"{HEAD}\n{GOOD}\nrow,of,little\n", encoding="utf-8")
    words = ["--home", str(home), "labels"]
    assert main([*words, "import", str(path)]) == 0
    said = capsys.readouterr()
    assert "2 rows: 1 labels written, 0 there already, 1 not taken" in said.out
    assert said.err.startswith("line 3: tier, confidence")
    assert '"line":3' in (home / "rejects.jsonl").read_text(encoding="utf-8")
    assert main([*words, "list", "--csv"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[1].startswith(f"promotion,gold,1.0,account,{ANN},release 7,2024-01-02T00:00:00")
    assert main([*words, "list", "--as-of", "2023-12-31", "--csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert main([*words, "export", "-o", str(tmp_path / "out.csv")]) == 0
    assert "1 labels" in capsys.readouterr().out
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").count(ANN) == 1
    store.close()
    bars.close()
