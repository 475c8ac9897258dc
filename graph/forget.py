"""Forgets an account or a time span: posts, and what hangs on them, are deleted for good.

With a post go its edges, its embedded text where no other post has it, and links that nobody else
points to. With an account go its posts, ties, memberships and labels; where somebody else's post
names it, its bare id stays, because that post is not ours to change. What a run found earlier
(clusters, alerts) is corrected by the next run. Loading the same file again brings it back, all
but the labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graph.model import Millis
from graph.store import Counters, GraphStore, Row

BATCH = 2_000


def forget_account(store: GraphStore, id: str, batch: int = BATCH) -> Counters:
    """Deletes the account `platform:id`. An unknown one changes nothing."""
    done = _posts(store, lambda: store.read("ingest/forget_account_posts", id=id, batch=batch))
    done += store.write("ingest/forget_account_ties", id=id)
    done += store.write("ingest/forget_account_lineages", id=id)
    done += store.write("ingest/forget_account_labels", id=id)
    done += store.write("ingest/forget_account", id=id)
    done += store.write("ingest/forget_profile", id=id)
    return done + _all(store, "ingest/forget_links", batch=batch)


def forget_span(store: GraphStore, since: Millis, until: Millis, batch: int = BATCH) -> Counters:
    """Deletes what was posted from `since` to before `until` (epoch ms, UTC)."""
    span = {"since": since, "until": until, "batch": batch}
    done = _posts(store, lambda: store.read("ingest/forget_span_posts", **span))
    done += _all(store, "ingest/forget_span_ties", **span)
    done += _all(store, "ingest/forget_lone_accounts", batch=batch)
    return done + _all(store, "ingest/forget_links", batch=batch)


def _posts(store: GraphStore, next_batch: Callable[[], list[dict[str, str]]]) -> Counters:
    """Deletes batch after batch until there is none."""
    done = Counters()
    for posts in iter(next_batch, []):
        done += store.write_rows("ingest/forget_posts", [{"id": post["id"]} for post in posts])
        done += store.write_rows("ingest/forget_texts", list(_texts(posts)))
    return done


def _texts(posts: list[dict[str, str]]) -> Iterator[Row]:
    yield from ({"id": key} for key in sorted({post["text_id"] for post in posts} - {None, ""}))


def _all(store: GraphStore, name: str, **params: int) -> Counters:
    """Runs a statement that deletes a batch until it finds nothing more."""
    done = Counters()
    while (now := store.write(name, **params)).changed:
        done += now
    return done
