"""Why two accounts are tied, or why they are not: in a sentence, with the posts that say so."""

from __future__ import annotations

from api.runs import newest_run, told
from api.show import moment, second
from api.who import Row, account
from graph.errors import UsageError
from graph.store import GraphStore

Rows = list[Row]
PARTS = ("trace", "window", "co_actions", "expected", "p")


def why(store: GraphStore, left: str, right: str) -> Row:
    """Everything there is between two accounts, by id (x:123) or by handle.

    Keys: says, tied, left, right, evidence (a row a co-action with both posts); with a tie its
    numbers and `parts` (what each trace and window says by itself), without one `asked` (a row a
    trace and window) and `apart`. Raises UsageError for an account that is unknown, and where
    nothing was run yet.
    """
    one, other = sorted((account(store, left), account(store, right)), key=lambda row: row["id"])
    if one["id"] == other["id"]:
        raise UsageError(f"{left} and {right} are one account, {one['id']}; name two")
    run = newest_run(store)
    found = store.read("explain/tie", left=one["id"], right=other["id"])
    ties = [row for row in found if row["run_id"] == run["id"]]
    if ties:
        return _tied(store, ties[0], one, other, run)
    from api.why_not import untied  # the engine, which a tie does not need

    answer = untied(store, one, other, run)
    return answer | {"evidence": _with_posts(store, answer["evidence"])}


def _tied(store: GraphStore, tie: Row, one: Row, other: Row, run: Row) -> Row:
    names = ("left", "right", "trace", "object", "window", "seconds")
    columns = [tie.pop(f"evidence_{name}") for name in names]
    acts = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    said = [tie.pop(f"part_{name}") or [] for name in PARTS]  # none of a run of an older version
    parts = [dict(zip(PARTS, values, strict=True)) for values in zip(*said, strict=True)]
    return {
        "says": _says_tied(tie, len(acts), run),
        "tied": True,
        "left": tie.pop("left"),
        "right": tie.pop("right"),
        "left_handle": one["handle"],
        "right_handle": other["handle"],
        **tie,
        "first_at": moment(tie["first_at"]),
        "last_at": moment(tie["last_at"]),
        "parts": parts,
        "evidence": _with_posts(store, acts),
    }


def _says_tied(tie: Row, shown: int, run: Row) -> str:
    """The tie in a sentence."""
    line = told(run).get("min_weight")
    weak = (
        f"; it is below the line of {line:g} and is kept because both are in one cluster"
        if line is not None and tie["weight"] < line
        else ""
    )
    times = "once" if tie["co_actions"] == 1 else f"{tie['co_actions']} times"
    return (
        f"tied: in what says most of them they met {times} where chance gives"
        f" {tie['expected']:.2g} (p {tie['p_value']:.2g}, q {tie['q_value']:.2g},"
        f" weight {tie['weight']:.2f}{weak}); {shown} pairs of posts show it"
    )


def _with_posts(store: GraphStore, acts: Rows) -> Rows:
    """Co-actions with the time and the text of both posts; one forgotten since has neither."""
    ids = sorted({act[side] for act in acts for side in ("left", "right")})
    posts = {row["id"]: row for row in store.read("read/posts_by_ids", ids=ids)} if ids else {}
    nothing = {"at": None, "text": None}
    rows = []
    for act in acts:
        left, right = (posts.get(act[side], nothing) for side in ("left", "right"))
        sides = {
            "left_at": second(left["at"]),
            "left_text": left["text"],
            "right_at": second(right["at"]),
            "right_text": right["text"],
        }
        rows.append((left["at"] or 0, act | sides))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]
