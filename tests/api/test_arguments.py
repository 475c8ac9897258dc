"""Arguments that several commands share: what they take and what they refuse, in a sentence."""

from __future__ import annotations

import argparse

import pytest

from api.commands import arguments


def test_a_resolution_is_a_positive_number_or_auto():
    assert arguments.resolution("0.5") == 0.5
    assert arguments.resolution("auto") is None
    for wrong in ("0", "-1", "nan", "inf", "fine"):
        with pytest.raises(argparse.ArgumentTypeError, match=r"1\.0, 0\.5 or auto"):
            arguments.resolution(wrong)


def test_a_moment_is_utc_unless_it_says_otherwise():
    assert arguments.moment("1970-01-02") == 86_400_000
    assert arguments.moment("1970-01-01T01:00+01:00") == 0
    with pytest.raises(argparse.ArgumentTypeError, match="2026-03-01"):
        arguments.moment("yesterday")
