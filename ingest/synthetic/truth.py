"""What was planted and what only looks like it. Nothing downstream of the files may read this."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graph.model import Millis


@dataclass(frozen=True, slots=True)
class Participant:
    """An account's part in a campaign."""

    account_id: str
    role: str  # "leader" or "amplifier"


@dataclass(frozen=True, slots=True)
class Campaign:
    """Accounts that promoted a stock together. `start` and `end` are its first and last post."""

    id: str
    kind: str
    ticker: str
    members: tuple[Participant, ...]
    post_ids: tuple[str, ...]  # by time
    start: Millis
    end: Millis
    price_effect: float  # highest price over the price before, minus one; 0 is none

    @property
    def account_ids(self) -> tuple[str, ...]:
        return tuple(member.account_id for member in self.members)


@dataclass(frozen=True, slots=True)
class Decoy:
    """Honest life that looks coordinated. Campaign members may be among those who took part."""

    id: str
    kind: str  # a name in ingest.synthetic.decoys.KINDS
    ticker: str | None
    account_ids: tuple[str, ...]
    post_ids: tuple[str, ...]  # by time
    start: Millis
    end: Millis


@dataclass(frozen=True, slots=True)
class Truth:
    """The answer key of one planted market."""

    seed: int
    campaigns: tuple[Campaign, ...]
    decoys: tuple[Decoy, ...]

    @property
    def planted(self) -> frozenset[str]:
        """Ids of all campaign members."""
        return frozenset(a for campaign in self.campaigns for a in campaign.account_ids)

    def honest(self, decoy: Decoy) -> frozenset[str]:
        """Who took part in the decoy and is in no campaign."""
        return frozenset(decoy.account_ids) - self.planted

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def read_truth(path: Path) -> Truth:
    """The truth that `write_files` wrote."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Truth(
        seed=raw["seed"],
        campaigns=tuple(_campaign(row) for row in raw["campaigns"]),
        decoys=tuple(_decoy(row) for row in raw["decoys"]),
    )


def _campaign(row: Mapping[str, Any]) -> Campaign:
    members = tuple(Participant(**member) for member in row["members"])
    return Campaign(**{**row, "members": members, "post_ids": tuple(row["post_ids"])})


def _decoy(row: Mapping[str, Any]) -> Decoy:
    tuples = {name: tuple(row[name]) for name in ("account_ids", "post_ids")}
    return Decoy(**{**row, **tuples})
