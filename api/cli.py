"""The command line: a parser and a function a command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.settings import Settings, from_environment, quiet_libraries
from graph.errors import SentinelError, UsageError
from graph.model import Millis

Command = Callable[[argparse.Namespace, Settings], int]
WEB = Path(__file__).parent / "web"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command. 0: done; 1: it could not be, and standard error says what to do; 2: usage."""
    quiet_libraries()
    args = _parser().parse_args(argv)
    settings = from_environment(home=args.home)
    try:
        command: Command = args.command
        return command(args, settings)
    except SentinelError as error:
        print(f"sentinelmarket: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("sentinelmarket: stopped; what was written is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _demo(args: argparse.Namespace, settings: Settings) -> int:
    from api.serve import claim

    claimed = None if args.no_serve else claim(args.host, args.port)
    from api import demo  # after the port: models take seconds to import
    from api.bar import bars as drawn

    home = replace(
        settings, home=demo.folder(settings), graph_uri=None, graph_heap="1g", bars_path=None
    )
    with drawn(args.quiet) as progress:
        store, bars, outcome, truth = demo.prepare(home, args.seed, progress)
    demo.tell(store, outcome, truth)
    if claimed is None:
        bars.close()
        store.close()
        return 0
    return _serving(store, bars, args, claimed)


def _ingest(args: argparse.Namespace, settings: Settings) -> int:
    from api.bar import bars as drawn
    from api.stores import open_both
    from ingest.load import load

    store, bars = open_both(settings)
    try:
        with drawn(args.quiet) as progress:
            loaded = load(
                store,
                bars,
                args.files,
                format=args.format,
                rejects=settings.rejects,
                progress=progress,
            )
    finally:
        bars.close()
        store.close()
    _told(loaded, args.how)
    if args.how == "table" and loaded.rejected:
        print(f"Records that could not be used: {settings.rejects}")
    return 0


def _told(loaded: Any, how: str) -> None:
    """What a load read, a file a row, and what it counted and changed."""
    from api import show

    files = [asdict(file) | {"path": str(file.path)} for file in loaded.files]
    counts: dict[str, Any] = {
        k: v for k, v in asdict(loaded).items() if k not in ("counters", "files")
    }
    counts |= asdict(loaded.counters) | {"changed": loaded.changed}
    if how == "json":
        show.rows([counts | {"files": files}], how, tuple(counts))
    elif how == "csv":
        show.rows([counts], how, tuple(counts))
    else:
        show.rows(files, how, ("path", "format", "records", "rejected"))
        show.rows(
            [{"what": k.replace("_", " "), "count": v} for k, v in counts.items()],
            how,
            ("what", "count"),
        )


def _run(args: argparse.Namespace, settings: Settings) -> int:
    from api import look, show
    from api.bar import bars as drawn
    from api.pipeline import run
    from api.stores import open_both
    from graph.detection import Settings as Choices

    store, bars = open_both(settings)
    try:
        with drawn(args.quiet) as progress:
            choices = Choices(
                min_weight=args.min_weight, method=args.method, meaning=not args.no_meaning
            )
            outcome = run(
                store, bars, settings, as_of=args.as_of, choices=choices, progress=progress
            )
        if args.how == "table":
            row = outcome.run
            print(
                f"{row.posts} posts, {row.ties} ties, {row.clusters} clusters,"
                f" {len(outcome.alerts)} alerts (run {row.id})"
            )
        columns = ("score", "band", "accounts", "tickers", "traces", "why")
        show.rows(look.clusters(store, limit=args.limit), args.how, columns, "Clusters")
    finally:
        bars.close()
        store.close()
    return 0


def _clusters(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    columns = (
        "score",
        "band",
        "cluster",
        "accounts",
        "posts",
        "tickers",
        "traces",
        "from",
        "to",
        "why",
    )
    return _looked(
        args, settings, lambda s: look.clusters(s, args.min_score, args.ticker, args.limit), columns
    )


def _alerts(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    columns = ("score", "alert", "title", "tickers", "state", "reason", "raised")
    return _looked(args, settings, lambda s: look.alerts(s, args.state, args.limit), columns)


def _stock(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    return _looked(args, settings, lambda s: [look.stock(s, args.ticker)], ())


def _account(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    return _looked(args, settings, lambda s: [look.account(s, args.id)], ())


def _why(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    return _looked(args, settings, lambda s: [look.why(s, args.left, args.right)], ())


def _looked(
    args: argparse.Namespace,
    settings: Settings,
    question: Callable[[Any], list[dict[str, Any]]],
    columns: Sequence[str],
) -> int:
    """Asks the store and prints; without `columns` the answer is one thing with many parts."""
    from api import show
    from api.stores import open_both

    store, bars = open_both(settings)
    try:
        found = question(store)
    finally:
        bars.close()
        store.close()
    if columns or args.how != "table":
        show.rows(found, args.how, columns)
    else:
        show.parts(found[0])
    if args.how == "table":
        print(show.CAVEAT)
    return 0


def _serve(args: argparse.Namespace, settings: Settings) -> int:
    from api.serve import claim
    from api.stores import open_both

    claimed = claim(args.host, args.port)
    store, bars = open_both(settings)
    return _serving(store, bars, args, claimed)


def _serving(store: Any, bars: Any, args: argparse.Namespace, claimed: Any) -> int:
    from api.app import LOOPBACK, create_app
    from api.serve import serve

    where = f"http://{args.host}:{claimed.getsockname()[1]}"
    print(f"Page: {where}/   GraphQL: {where}/graphql   (Ctrl-C stops it)", flush=True)
    hosts = LOOPBACK if args.host in LOOPBACK else ("*",)
    serve(create_app(store, bars, WEB, hosts), args.host, args.port, claimed)
    return 0


def _train(args: argparse.Namespace, settings: Settings) -> int:
    from api.bar import bars as drawn
    from api.training import run_train

    with drawn(args.quiet) as progress:
        run_train(args.out, progress=progress)
    print(f"Weights, manifest and model card: {args.out}")
    return 0


def _evaluate(args: argparse.Namespace, settings: Settings) -> int:
    from api.bar import bars as drawn
    from api.training import run_evaluate

    with drawn(args.quiet) as progress:
        run_evaluate(args.out, progress=progress)
    print(f"Report: {args.out / 'evaluation.md'}")
    return 0


def _forget(args: argparse.Namespace, settings: Settings) -> int:
    from api.stores import open_both
    from graph.forget import forget_account, forget_span

    if (args.account is None) == (args.since is None or args.until is None):
        raise UsageError("say what to forget: --account ID, or --since T and --until T")
    store, bars = open_both(settings)
    try:
        gone = (
            forget_account(store, args.account)
            if args.account
            else forget_span(store, args.since, args.until)
        )
    finally:
        bars.close()
        store.close()
    print(
        f"{gone.nodes_deleted} nodes and {gone.edges_deleted} edges are gone;"
        " `sentinelmarket run` finds anew without them"
    )
    return 0


def moment(text: str) -> Millis:
    """`2015-03-01` or `2015-03-01T12:30`, UTC unless it says otherwise, as epoch milliseconds."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no moment; write 2026-03-01 or 2026-03-01T12:30"
        ) from None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="sentinelmarket",
        description="Who is promoting a stock together, how do we know, and how dangerous is it?",
        epilog="Example: sentinelmarket demo",
    )
    top.add_argument(
        "--home", type=Path, help="data folder (default: SENTINELMARKET_HOME or ~/.sentinelmarket)"
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _path_commands(commands)
    _look_commands(commands)
    _other_commands(commands)
    return top


def _path_commands(commands: Any) -> None:
    demo = _add(
        commands,
        "demo",
        _demo,
        "the whole path on a planted market, then the page",
        "demo --no-serve",
    )
    demo.add_argument("--no-serve", action="store_true", help="print and exit")
    demo.add_argument("--seed", type=int, default=7, help="which market (default: 7)")
    _listening(demo)
    ingest = _add(
        commands, "ingest", _ingest, "load posts and prices", "ingest posts.jsonl.gz prices.csv"
    )
    ingest.add_argument("files", nargs="+", type=Path, metavar="FILE")
    ingest.add_argument("--format", help="say the format instead of having it found by looking")
    run = _add(commands, "run", _run, "detect, score and alert, once", "run --as-of 2026-04-01")
    run.add_argument("--as-of", type=moment, help="see nothing that was known later (default: all)")
    run.add_argument(
        "--min-weight",
        type=float,
        default=2.5,
        help="ties at least this strong, in -log10 p (default: 2.5)",
    )
    run.add_argument(
        "--method", default="leiden", help="leiden, louvain or networkx (default: leiden)"
    )
    run.add_argument("--no-meaning", action="store_true", help="do not compare meanings (faster)")
    run.add_argument("--limit", type=int, default=20, help="clusters to print (default: 20)")
    for command in (ingest, run):
        _formats(command)
    for command in (demo, ingest, run):
        command.add_argument("--quiet", action="store_true", help="draw no progress")


def _look_commands(commands: Any) -> None:
    clusters = _add(
        commands,
        "clusters",
        _clusters,
        "what was found, most dangerous first",
        "clusters --min-score 50 --json",
    )
    clusters.add_argument("--min-score", type=int, default=0)
    clusters.add_argument("--ticker", default="", help="only clusters that name this stock")
    alerts = _add(
        commands, "alerts", _alerts, "what was raised, newest first", "alerts --state open --csv"
    )
    alerts.add_argument(
        "--state", default="", choices=("", "open", "acknowledged", "dismissed", "muted")
    )
    for command in (clusters, alerts):
        command.add_argument("--limit", type=int, default=20, help="rows to print (default: 20)")
    stock = _add(commands, "stock", _stock, "everything known about a stock", "stock QAXR")
    stock.add_argument("ticker", metavar="TICKER")
    account = _add(
        commands, "account", _account, "everything known about an account", "account x:1001"
    )
    account.add_argument("id", metavar="ID")
    why = _add(commands, "why", _why, "the evidence between two accounts", "why x:1001 x:1002")
    why.add_argument("left", metavar="LEFT")
    why.add_argument("right", metavar="RIGHT")
    for command in (clusters, alerts, stock, account, why):
        _formats(command)


def _other_commands(commands: Any) -> None:
    serve = _add(commands, "serve", _serve, "the page and GraphQL", "serve --port 8080")
    _listening(serve)
    train = _add(
        commands, "train", _train, "train the models on planted markets", "train --out weights"
    )
    train.add_argument("--out", type=Path, default=Path("build/weights"))
    report = _add(
        commands,
        "evaluate",
        _evaluate,
        "write the report on what the models are worth",
        "evaluate --out build/evaluation",
    )
    report.add_argument("--out", type=Path, default=Path("build/evaluation"))
    for command in (train, report):
        command.add_argument("--quiet", action="store_true", help="draw no progress")
    forget = _add(
        commands,
        "forget",
        _forget,
        "remove an account or a span of time",
        "forget --account x:1001",
    )
    forget.add_argument("--account", metavar="ID")
    forget.add_argument("--since", type=moment, metavar="T")
    forget.add_argument("--until", type=moment, metavar="T")


def _add(
    commands: Any, name: str, command: Command, says: str, example: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=says,
        description=says.capitalize() + ".",
        epilog=f"Example: sentinelmarket {example}",
    )
    parser.set_defaults(command=command)
    return parser


def _listening(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this machine only")
    parser.add_argument(
        "--port", type=int, default=8000, help="default: 8000; 0 takes any free one"
    )


def _formats(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--json",
        dest="how",
        action="store_const",
        const="json",
        default="table",
        help="for programs",
    )
    how.add_argument(
        "--csv", dest="how", action="store_const", const="csv", help="for spreadsheets"
    )
