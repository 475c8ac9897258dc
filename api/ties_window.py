"""`ties --window auto`: a window for each trace, read off a time that is then not judged.

A window tuned on what it judges proves nothing, so the acts that it was read off are left out.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import polars as pl

from api.show import second
from api.ties_questions import Asked
from graph.detection.acts import Acts
from graph.detection.suggest import Suggestion, suggest
from graph.detection.ties import Question
from graph.errors import UsageError


def read_off(asked: Asked, named: bool) -> Asked:
    """Each question in the window that its own acts suggest, with only the acts of after that.

    A trace with too few shared objects is left out, which is told; where its name was `named` or no
    other is left, that is a UsageError.
    """
    questions, said = [], list(asked.said)
    for question in asked.questions:
        try:
            found = suggest(_frame(question.acts))
        except UsageError as error:
            if named or len(asked.questions) == 1:
                raise UsageError(f"{question.trace}: {error}") from None
            said.append(f"{question.trace} is not asked: {error}")
            continue
        questions.append(_after(question, found))
        said.append(_says(question.trace, found))
    if not questions:
        raise UsageError("no trace has enough to read a window off; give --window")
    return replace(asked, questions=questions, said=said)


def _frame(acts: Acts) -> pl.DataFrame:
    return pl.DataFrame({"account": acts.account, "object": acts.object, "at": acts.at})


def _after(question: Question, found: Suggestion) -> Question:
    acts = question.acts
    kept = acts.at >= found.until
    later = replace(
        acts,
        account=acts.account[kept],
        object=acts.object[kept],
        at=acts.at[kept],
        row=acts.row[kept],
        text=acts.text[kept] if len(acts.text) else acts.text,
    )
    return replace(question, window=_window(found), acts=later)


def _window(found: Suggestion) -> str:
    return f"{ceil(found.window / 1000)}s"


def _says(trace: str, found: Suggestion) -> str:
    return (
        f"{trace} within {_window(found)}: so fast did half of an object's accounts follow in the"
        f" fastest {found.quantile:.0%} of {found.objects:,} objects shared before"
        f" {second(found.until)}, which are not judged"
    )
