"""One statement a file. `query("read/clusters")` is the text of that file.

The head of a file is its contract, and a test holds the file to it:

    // What does it answer, in one sentence?
    // params: as_of int, ids list<string>
    // rows: id string, at int              (only where it takes $rows)
    // returns: id string, score float      (or: nothing)
    // writes: Post                         (only where it writes)

A statement that must be worded differently for one store stands beside the shared file as
`name.neo4j.cypher` or `name.embedded.cypher`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Contract:
    """What a statement's head promises."""

    question: str
    params: dict[str, str]
    rows: dict[str, str]
    returns: dict[str, str]
    writes: tuple[str, ...]


@cache
def query(name: str, dialect: str = "") -> str:
    """The statement's text. Raises LookupError, naming what there is, for an unknown name."""
    for path in (HERE / f"{name}.{dialect}.cypher", HERE / f"{name}.cypher"):
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise LookupError(f"no query named {name!r}; cypher/ has: {', '.join(names())}")


@cache
def names() -> tuple[str, ...]:
    """Every statement's name, sorted; dialect files are variants, not names."""
    found = (p.relative_to(HERE).as_posix().removesuffix(".cypher") for p in HERE.rglob("*.cypher"))
    return tuple(sorted(name for name in found if "." not in name))


@cache
def contract(name: str, dialect: str = "") -> Contract:
    """The head of the file, parsed."""
    heads = re.findall(r"^//\s*(.*)$", query(name, dialect), flags=re.MULTILINE)
    lines = dict.fromkeys(("params", "rows", "returns", "writes"), "")
    for head in heads[1:]:
        key, _, rest = head.partition(":")
        if key in lines:
            lines[key] = rest.strip()
    return Contract(
        question=heads[0] if heads else "",
        params=_typed(lines["params"]),
        rows=_typed(lines["rows"]),
        returns=_typed(lines["returns"]),
        writes=tuple(part.strip() for part in lines["writes"].split(",") if part.strip()),
    )


def _typed(listing: str) -> dict[str, str]:
    """`id string, at int` as a mapping; `nothing` and an empty list are no columns."""
    pairs = (part.split() for part in listing.split(",") if part.strip() not in ("", "nothing"))
    return {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs}
