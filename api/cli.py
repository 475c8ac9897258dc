"""The command line: words into one of `api.commands`, its errors into sentences and exit codes."""

from __future__ import annotations

import argparse
import atexit
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from api.commands import COMMANDS
from api.settings import from_environment, quiet_libraries
from graph.errors import SentinelError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command. 0: done; 1: it could not be, and standard error says what to do; 2: usage."""
    quiet_libraries()
    atexit.register(gc.freeze)  # who ends looks for no garbage: that took a third of a second
    args = parser().parse_args(argv)
    settings = from_environment(home=args.home)
    try:
        code: int = args.command.does(args, settings)
        return code
    except SentinelError as error:
        print(f"sentinelmarket: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("sentinelmarket: stopped; what was written is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def parser() -> argparse.ArgumentParser:
    """Understands every command; the one that was typed is then `args.command`."""
    top = argparse.ArgumentParser(
        prog="sentinelmarket",
        description="Who is promoting a stock together, how do we know, and how dangerous is it?",
        epilog="Example: sentinelmarket demo",
    )
    top.add_argument(
        "--home", type=Path, help="data folder (default: SENTINELMARKET_HOME or ~/.sentinelmarket)"
    )
    typed = top.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        own = typed.add_parser(
            command.name,
            help=command.says,
            description=command.says.capitalize() + ".",
            epilog=f"Example: sentinelmarket {command.example}",
        )
        own.set_defaults(command=command)
        command.arguments(own)
    return top
