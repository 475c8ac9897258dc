"""Words that we wrote down by hand: what promotions tend to say, and how good or bad news sounds.

The groups of promotional language follow what regulators warn of: a hurry, a secret, a sure gain, a
room to join. Who wrote them knew that the planted campaigns have manners of speaking, so what they
add to quality on those is flattered; the model card has the quality. The word model learns what
each is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from gnn.text import loops
from gnn.text.reading import hashes

Keys = npt.NDArray[np.uint64]
Values = npt.NDArray[np.int64]
Table = tuple[Keys, Values]

PROMOTION: Mapping[str, str] = {
    "urge": "buy buying grab load accumulate scoop own pick_up load_up get_in jump_in hop_in"
    " add_more buy_now get_some take_some get_$ take_$ add_$ own_$ buy_$ hold_$ watch_$",
    "hurry": "hurry asap imminent urgent tomorrow monday next_week this_week about_to any_minute"
    " last_chance dont_miss not_miss too_late right_now act_now right_away act_fast before_it",
    "gain": "moon rocket skyrocket explode exploding soar multibagger bagger tenfold double triple"
    " gains profits 0x runner squeeze huge massive monster upside potential",
    "secret": "insider insiders source sources leaked rumor rumors rumour rumours whisper secret"
    " hidden undiscovered unnoticed i_hear we_hear they_say under_the nobody_knows hearing",
    "cheap": "cheap undervalued underpriced bargain steal discount discounted oversold on_sale"
    " dirt_cheap still_early ground_floor penny pennies",
    "sure": "guaranteed guarantee certain riskless confirmed easy_money risk_free no_risk low_risk"
    " cannot_lose cant_lose no_brainer free_money sure_thing trust_me",
    "event": "deal contract partnership agreement merger takeover buyout acquisition offer patent"
    " approval approved breakthrough discovery fda announce announcement unveil reveal catalyst",
    "level": "target targets breakout next_stop price_target entry breaking_out blue_sky",
    "join": "join subscribe telegram discord whatsapp channel room newsletter alerts picks dm"
    " follow_me sign_up link_in free_trial my_pick our_pick new_pick",
    "paid": "sponsored promotion promoted compensated advertisement ad paid_for were_paid"
    " paid_promotion not_advice",
    "crowd": "everybody everyone crowd army family together apes all_in diamond_hands hold_the"
    " tell_your",
}
GOOD = (
    "good great strong stronger strongest gain gains gained rise rises rising rose up higher high"
    " highs beat beats beating topped tops growth grow grows growing grew profit profitable profits"
    " bull bullish bulls buy buying bought long upgrade upgraded upgrades outperform outperforms"
    " rally rallies rallied rallying surge surges surged surging soar soars soared soaring jump"
    " jumps jumped climb climbs climbed climbing rebound rebounds rebounded recover recovers"
    " recovery recovered breakout record win wins winner winning won success successful positive"
    " optimistic confident happy love loves like nice excellent amazing awesome best better cheap"
    " undervalued opportunity upside approval approved approves breakthrough dividend buyback"
    " raises raised exceeded exceeds improve improves improved improving support accumulate calls"
    " green boost boosts boosted expands expansion momentum moon rocket solid healthy robust"
)
BAD = (
    "bad poor weak weaker weakest weakness loss losses lose loses losing lost fall falls falling"
    " fell drop drops dropped dropping down lower low lows miss misses missed missing decline"
    " declines declined declining shrink shrinks shrank bear bearish bears sell selling sold short"
    " shorts shorting downgrade downgraded downgrades underperform underweight crash crashes"
    " crashed crashing plunge plunges plunged plunging tumble tumbles tumbled sink sinks sank slide"
    " slides slid slump slumps slumped collapse collapses collapsed breakdown fail fails failed"
    " failing failure negative pessimistic worried worry worries fear fears afraid hate hates ugly"
    " terrible awful horrible worst worse expensive overvalued overpriced bubble risk risky"
    " downside lawsuit sued probe investigation fraud scam recall recalls halted halts cuts layoffs"
    " bankrupt bankruptcy default debt dilution warns warning warned delay delays delayed rejects"
    " rejected concern concerns disappointing disappointed disappoints trouble problem problems"
    " puts red dead avoid exit dump dumps dumped dumping panic"
)
NEGATIONS = "not no never nothing without dont doesnt didnt isnt wasnt wont cannot cant nor hardly"
GOOD_PAIRS = "short_squeeze debt_free all_time_high"
BAD_PAIRS = "not_touching stay_away profit_taking selling_into"
_GOOD, _BAD, _NEGATION = 1, 2, 3
GROUPS = tuple(PROMOTION)


def promotion_table() -> Table:
    """Words and pairs of words to their group, counted from 1 in the order of GROUPS."""
    return table({name: said.split() for name, said in PROMOTION.items()}, GROUPS)


def mood_table() -> Table:
    """Words and pairs to what `loops.all_moods` reads: 1 good, 2 bad, 3 a negation."""
    said = {
        "good": [*GOOD.split(), *GOOD_PAIRS.split()],
        "bad": [*BAD.split(), *BAD_PAIRS.split()],
        "negation": NEGATIONS.split(),
    }
    return table(said, ("good", "bad", "negation"))


def table(said: Mapping[str, Sequence[str]], order: Sequence[str]) -> Table:
    """An open table of hashes, at most a quarter full. `a_b` is two words in a row, `$` a cashtag
    and 0 a number; of an entry with more words the first two count."""
    entries = {_hash(entry): order.index(name) + 1 for name in order for entry in said[name]}
    size = 1 << (4 * len(entries)).bit_length()
    keys, values = np.zeros(size, np.uint64), np.zeros(size, np.int64)
    for key, value in entries.items():
        at = int(key) & (size - 1)
        while keys[at]:
            at = (at + 1) & (size - 1)
        keys[at], values[at] = key, value
    return keys, values


def _hash(entry: str) -> np.uint64:
    found = hashes(" ".join("$x" if part == "$" else part for part in entry.split("_")))
    if len(found) == 1:
        return found[0]
    with np.errstate(over="ignore"):
        return np.uint64(loops.paired(found[0], found[1]))
