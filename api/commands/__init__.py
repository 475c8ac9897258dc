"""The commands of the command line, one a file. To add one: its file, and its name here."""

from __future__ import annotations

from api.commands import (
    account,
    alerts,
    audit,
    clusters,
    demo,
    evaluate,
    explain,
    forget,
    ingest,
    labels,
    pack,
    prices,
    queue,
    run,
    serve,
    stock,
    stock_alerts,
    story,
    text,
    ties,
    train,
    train_text,
    watch,
    why,
)
from api.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    demo.COMMAND,
    story.COMMAND,
    ingest.COMMAND,
    prices.COMMAND,
    run.COMMAND,
    audit.COMMAND,
    watch.COMMAND,
    clusters.COMMAND,
    alerts.COMMAND,
    stock.COMMAND,
    stock_alerts.COMMAND,
    account.COMMAND,
    why.COMMAND,
    queue.COMMAND,
    explain.COMMAND,
    labels.COMMAND,
    pack.COMMAND,
    ties.COMMAND,
    text.COMMAND,
    serve.COMMAND,
    train.COMMAND,
    train_text.COMMAND,
    evaluate.COMMAND,
    forget.COMMAND,
)
"""In the order in which --help lists them."""
