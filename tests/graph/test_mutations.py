"""The list of deliberate mistakes stays true: each can be made and names tests that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graph.mutations import MUTATIONS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.mistake)
def test_the_mistake_can_be_made_and_its_test_is_there(mutation):
    text = (ROOT / mutation.file).read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1
    file, _, name = mutation.test.partition("::")
    assert f"def {name or 'test'}" in (ROOT / file).read_text(encoding="utf-8")
