"""What a command is: its name, what help says of it, its arguments, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from api.settings import Settings


@dataclass(frozen=True, slots=True)
class Command:
    """`sentinelmarket NAME`.

    `example` is what to type after `sentinelmarket`; help shows it and a test parses it.
    `arguments` puts the command's own arguments on its parser. `does` returns the exit code and
    raises SentinelError with a sentence for the person where it cannot be done. It imports what it
    needs inside: help and a refusal must not wait for the models to be imported.
    """

    name: str
    says: str
    example: str
    arguments: Callable[[argparse.ArgumentParser], None]
    does: Callable[[argparse.Namespace, Settings], int]
