"""`sentinelmarket text`: how much lines of text read like a promotion, and how good they sound."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings, allow_downloads
from graph.errors import SourceUnavailable

COLUMNS = ("promotion", "sentiment", "text")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="a text a line, UTF-8; - reads what is piped in"
    )
    parser.add_argument(
        "--model",
        metavar="FOLDER",
        help="a sequence-classification model with config.json, tokenizer and safetensors, or a"
        " name fetched before (default: TEXT_MODEL, else the reader that ships)",
    )
    parser.add_argument(
        "--labels",
        metavar="LABEL=MEANING,…",
        help="what its labels mean: positive, negative, neutral, promotion or ordinary (default:"
        " TEXT_LABELS, else their names)",
    )
    parser.add_argument(
        "--download", action="store_true", help="fetch a model that is named and not here"
    )
    arguments.formats(parser)
    arguments.quiet(parser)


def _text(args: argparse.Namespace, settings: Settings) -> int:
    lines = [line for line in _lines(args.file) if line.strip()]
    if args.download:
        allow_downloads()
    from api.bar import bars as drawn
    from api.show import rows
    from api.texts import scorer_of

    scorer = scorer_of(settings, args.model, args.labels, args.download)
    with drawn(args.quiet) as progress:
        scores = scorer.score(lines, progress)
    found = [
        {"promotion": round(float(p), 3), "sentiment": round(float(s), 3), "text": line}
        for p, s, line in zip(scores.promotion, scores.sentiment, lines, strict=True)
    ]
    rows(found, args.how, COLUMNS, f"Read by {scores.model}: wording, never intent")
    return 0


def _lines(file: str) -> Iterator[str]:
    """The lines of a file or of standard input; what is no UTF-8 becomes the sign for that."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise SourceUnavailable(
            f"{file} cannot be read: {error.strerror}; name a file with a text a line, or -"
        ) from error
    yield from content.decode("utf-8", "replace").splitlines()


COMMAND = Command(
    "text",
    "how much lines of text read like a promotion, and how good the news sounds",
    "text lines.txt --json",
    _arguments,
    _text,
)
