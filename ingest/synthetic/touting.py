"""More manners of promoting, and sober sentences that use the same words, for readers of texts.

No planted campaign speaks so: who learns from these and is judged on campaigns has not learnt the
campaigns' phrases. Written after what regulators warn of; nobody's real words.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.synthetic.words import Rules

TOUTS: Mapping[str, tuple[str, ...]] = {
    "room": (
        "our room called {T} at {price}, {join} for the next {pick}",
        "{join} before the bell, {n} members already in {T}",
        "{pick} of the day is {T}, more in our {place}, link in bio",
        "last {pick} ran {pct}, the new one is {T}, {join}",
        "new {pick}: {T}. entry {price}, details in the {place}",
        "DM me for the {T} plan, our {place} is {free}",
        "{free} alerts daily, today {T}, {join} and thank me later",
        "premium members got {T} yesterday, now it is {free}, {join}",
    ),
    "sure": (
        "{T} is {easy}, {gains} in {soon}",
        "{gains} on {T} is {certain}, I never miss these",
        "you {cannot} lose with {T} at this price, {gains} ahead",
        "{certain}: {T} {runs} in {soon}, screenshot this",
        "put your savings into {T}, {easy}",
        "{T} {runs} in {soon}, {certain}, trust me",
        "no risk here, {T} goes to {price} and beyond, {gains}",
        "retire early with {T}, {gains}, {easy}",
    ),
    "gem": (
        "{T} is a hidden gem, {gains} {potential}, {grab} it {early}",
        "nobody knows {T} yet, tiny float, {gains} {potential}",
        "{early}: {T}, the next {made}, {gains} from here",
        "under the radar no more, {T} {runs}, {grab} some {early}",
        "this undervalued little company {T} will change {sector}, {grab} shares {early}",
        "{grab} {T} under {price}, {potential} of {gains}",
        "my best idea of the year is {T}, {early}, {gains} {potential}",
        "tiny {sector} play {T} with {potential} of {gains}",
    ),
    "hurry": (
        "last chance on {T}, {runs} {any}",
        "{grab} {T} now, {any} it {runs}",
        "do not sleep on {T}, {any} the news hits",
        "{T} alert, {act} fast, {runs} {any}",
        "massive {news} for {T} {any}, {grab} it while you can",
        "tick tock {T}, {news} {any}, {act} or regret it",
        "you will kick yourself if you miss {T}, {news} {any}",
        "urgent: {T} {news} {any}, {grab} shares",
    ),
    "flock": (
        "everyone {grab} {T} at the open, together we {runs_it}",
        "hold {T}, do not sell, together we {runs_it}",
        "{n} of us hold {T}, {join} and tell your friends",
        "army of {T}: nobody sells under {price}, we {runs_it}",
        "if all of us {grab} {T} the shorts are done, spread the word",
        "retweet and {grab} {T}, this family {runs_it}",
        "all in on {T}, who is with me? we {runs_it}",
        "diamond hands only, {T} army, {grab} more on every dip",
    ),
}
TOUT_RULES: Rules = {
    "join": (
        "join us",
        "join our {place}",
        "sign up",
        "subscribe",
        "follow us",
        "get in our {place}",
    ),
    "pick": ("pick", "alert", "call", "trade idea", "winner"),
    "place": ("telegram", "discord", "channel", "newsletter", "chat", "room"),
    "free": ("free", "free today", "open to all", "free this week"),
    "easy": ("easy money", "free money", "a no brainer", "a sure thing", "a gift"),
    "gains": ("10x", "5x", "100%", "300%", "huge gains", "life changing profits", "triple digits"),
    "certain": ("guaranteed", "certain", "a promise", "risk free", "as sure as it gets"),
    "soon": ("days", "a week", "two weeks", "no time", "a month"),
    "runs": ("explodes", "skyrockets", "runs", "flies", "goes parabolic", "rockets"),
    "runs_it": ("send it", "push it to {price}", "take it to the moon", "make it run"),
    "cannot": ("cannot", "can't", "simply cannot"),
    "potential": ("potential", "upside", "written all over it", "possible"),
    "grab": ("grab", "buy", "load", "accumulate", "get", "scoop up", "pick up"),
    "early": ("before the crowd", "while it is early", "at the ground floor", "before it runs"),
    "any": ("any minute", "any day now", "tomorrow", "this week", "at the open", "tonight"),
    "news": ("news", "announcement", "catalyst", "partnership", "contract", "approval"),
    "act": ("act", "move", "be"),
    "sector": ("biotech", "mining", "lithium", "cannabis", "battery", "energy"),
}
SOBER: Mapping[str, tuple[str, ...]] = {
    "wire": (
        "{made} raises {T} to buy, price target {price}",
        "{T} insiders sold {n} thousand shares, form 4 shows",
        "{T} announces a contract with {made}, worth ${n} million",
        "fda accepts the {T} filing, decision in {month}",
        "{T} confirms merger talks with {made}, shares up {pct}",
        "takeover rumor: {made} denies interest in {T}",
        "{T} patent case goes to court in {month}",
        "{T} guidance below targets, analysts cut to hold",
        "sources: {made} considers an offer for {T}",
    ),
    "trade": (
        "bought {T} at {price}, stop {price}, small size",
        "sold my {T} into the breakout, {pct} gain is fine with me",
        "{T} target hit, out at {price}",
        "added {T} today, half position, might be wrong",
        "buying {T} back if it holds {price}",
        "missed {T} again, not chasing it",
        "{T} broke resistance at {price} on volume, no position",
        "holding {T} through earnings, do your own research",
    ),
    "doubt": (
        "{T} looks like a pump to me, stay away",
        "anyone promising 10x on {T} is selling you something",
        "guaranteed gains on {T}? run from that channel",
        "who pays these newsletters to push {T}?",
        "paid promotion of {T} everywhere, check the disclaimer",
        "is {T} cheap or a value trap? debt says trap",
        "everyone is in {T}, which worries me",
        "left the {T} discord, only noise",
        "{T} to the moon crowd is quiet today",
    ),
    "life": (
        "joined the {T} call late, nothing new",
        "free webinar on options today, was ok",
        "subscribed to {made}, cancelled after a week",
        "our channel covers earnings of {T} at five",
        "good deal on a used car, buying it tomorrow",
        "huge storm in {made}, market closed early",
        "the offer on the house was accepted, sold some {T}",
        "family dinner, then the {T} filing",
    ),
}
