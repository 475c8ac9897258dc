"""What campaigns say, in four manners: news that is coming, a chart, a bargain, everybody is in.

Each manner is claims and urges in several phrasings, with words to choose from in {braces}.
"""

from __future__ import annotations

from ingest.synthetic.words import Rules

Phrasings = tuple[str, ...]
MANNERS: dict[str, tuple[tuple[Phrasings, ...], Phrasings]] = {
    "news": (
        (
            (
                "{T} will {tell} a {big} deal with {M} {D}",
                "{big} deal between {T} and {M}, {tell} {D}",
                "{heard} {M} signs with {T} {D}, a {big} deal",
                "{D} {T} and {M} {tell} their {big} deal",
                "a {big} deal of {T} with {M} {heard}, to be signed {D}",
            ),
            (
                "{T} gets its permit for {M} {D}, {heard}",
                "permit for the {M} site of {T} comes {D}",
                "{heard} the {M} permit of {T} is through, they {tell} it {D}",
                "{D} {T} will {tell} the {M} permit",
                "the permit that {T} needs at {M} is {D}, {heard}",
            ),
            (
                "{M} wants to take over {T}, offer {D}",
                "{heard} there is an offer of {M} for {T} {D}",
                "takeover of {T} by {M} {D}, {heard}",
                "{D} comes the offer for {T}, by {M}",
                "{T} will be bought by {M}, they {tell} it {D}",
            ),
        ),
        (
            "{act} {T} before it is public",
            "{act} it, {later} it is too late",
            "who waits for {D} pays twice, {act} {T}",
            "so {act} {T} while it is {low}",
        ),
    ),
    "chart": (
        (
            (
                "{T} {broke} {P} on {heavy} volume, next stop {Q}",
                "{heavy} volume and {T} {broke} {P}, target {Q}",
                "target {Q} on {T} once {P} is {held}, volume {heavy}",
                "{P} {held} on {T}, the way to {Q} is free, {heavy} volume",
                "{T}: {P} is {held}, {Q} comes, volume is {heavy}",
            ),
            (
                "{T} has the same base at {P} as {M} had before it went to {Q}",
                "base at {P} on {T}, just as {M} before the move to {Q}",
                "remember {M} at {P}? {T} draws the same base, {Q} next",
                "the base of {T} at {P} is that of {M}, which saw {Q}",
                "same base, same {P}: {T} does what {M} did, {Q} ahead",
            ),
        ),
        (
            "stop under {P}, {act} {T} here",
            "{act} {T} on any dip to {P}",
            "risk is small here, {act} some {T}",
            "{low} risk above {P}, so {act}",
        ),
    ),
    "bargain": (
        (
            (
                "{T} is {low} at {P}, cash alone is worth {Q} a share",
                "cash of {Q} a share and {T} trades at {P}, {low}",
                "at {P} {T} costs less than its cash of {Q} a share",
                "{low}: {T} at {P} with {Q} a share in the bank",
                "{Q} a share in cash at {T}, the price is {P}",
            ),
            (
                "{T} sells the {M} unit for more than the whole firm costs at {P}",
                "the {M} unit alone is worth more than {T} at {P}",
                "at {P} you get {T} for free, the {M} unit pays it all",
                "{T} costs {P}, its {M} unit is worth {Q}",
                "nobody prices the {M} unit of {T}, worth {Q} against {P}",
            ),
        ),
        (
            "{later} the market sees it, {act} {T}",
            "{act} {T}, hold it, be patient",
            "fair value is {Q}, {act}",
            "I {act} {T} every week",
        ),
    ),
    "everybody": (
        (
            (
                "all the {M} people are in {T} by today, {P} was the last chance",
                "{T} is where the {M} crowd goes, {P} is gone for good",
                "the {M} crowd took {T} over {P}, it is only the start",
                "who is not in {T} yet? the {M} crowd is, since {P}",
                "since {P} the whole {M} crowd holds {T}",
            ),
            (
                "shorts in {T} are trapped above {P}, {M} desk must cover to {Q}",
                "{M} desk is short {T} from {P}, they cover at {Q}",
                "above {P} every short in {T} is trapped, {Q} when {M} covers",
                "{T} shorts cannot get out, {M} pays {Q} for it",
                "watch {M} cover its {T} short, from {P} to {Q}",
            ),
        ),
        (
            "{act} {T} and do not sell to them",
            "{later} we all see {Q}, {act}",
            "hold the line on {T}",
            "{act} {T}, tell your friends",
        ),
    ),
}
RULES: Rules = {
    "tell": ("announce", "tell", "publish", "confirm", "report", "make public"),
    "big": ("big", "huge", "major", "large", "game changing", "giant"),
    "heard": ("I hear", "word is", "friends say", "from a good source", "people there say"),
    "act": ("buy", "get", "take", "add", "pick up", "own", "watch", "hold", "do not miss"),
    "later": ("soon", "in a week", "in days", "by the end of the month", "sooner than you think"),
    "low": ("cheap", "low", "on sale", "a bargain", "a gift", "small"),
    "broke": ("broke", "took out", "cleared", "is over", "went through"),
    "heavy": ("heavy", "rising", "double the usual", "strong", "the best of the year's"),
    "held": ("held", "safe", "support", "behind us", "cleared"),
}
DAYS = ("Monday", "Tuesday", "Thursday", "Friday", "next week", "this month")
EDITS = (".", " ...", " :)", " \U0001f440", " -", "?", " #stocks")
LEADS = ("wow:", "hey,", "look:", "psst,", "note:", "this:", "ok,")
DISCLOSED = (
    "sponsored",
    "paid coverage",
    "ad",
    "we were paid for this",
    "promotion, see page",
    "not advice, paid",
)
SEEN = ("as said there:", "from the channel:", "they say", "passed on:", "fresh from the room:")
YES = (
    "this",
    "he was right on the last one",
    "exactly, {T} is next",
    "in since this morning {T}",
    "thanks for {T}, added",
    "so true {T}",
    "read this twice {T}",
    "told you {T}",
    "best call of the month {T}",
    "{T} people, listen to this",
)
HYPE = (
    "{T} to the moon",
    "{T} is going vertical, what is this",
    "cannot look away from {T}",
    "put my lunch money into {T}",
    "{T} diamond hands",
    "my grandma asks about {T} now",
    "{T} has no right to be here and I love it",
    "sold {T} too early, as always",
    "never seen a chart like {T}",
    "{T} broke my broker's app",
)
SHORTS = (
    "borrow on {T} is gone, nothing left to short",
    "{T} days to cover is {n} now",
    "shorts in {T} are down {pct} today",
    "halted again, {T}, this squeeze is real",
    "{T} short interest {pct} of the float",
    "who is still short {T} at {price}?",
    "margin calls all over {T}",
    "{T} squeezes every day at the close",
    "puts on {T} cost more than the stock",
)
MORNING = (
    "good morning {T} family",
    "morning {T} holders, coffee is ready",
    "hello {T} friends, how is everybody",
    "{T} meetup this weekend, who comes?",
    "happy friday {T} people",
)
