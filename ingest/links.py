"""One spelling for each address, so that two posts that point to one page share one link.

Kept: host, path as written, and the parameters that choose a page, sorted. Dropped: the difference
of http and https, `www.`, letter case of the host, user names, default ports, tracking parameters,
fragments (unless they choose the page: `#!…`) and the slash at the end.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

_TRACKING = (
    "fbclid gclid gclsrc dclid msclkid twclid yclid igshid mc_cid mc_eid ref_src ref_url cmpid "
    "icid ncid cid_source s_cid _hsenc _hsmi mkt_tok wt.mc_id soc_src soc_trk spm feature"
)
TRACKING = frozenset(_TRACKING.split())
TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "fb_action_")
DEFAULT_PORTS = (None, 80, 443)
LONGEST = 2_000  # a key in an index must be short; a longer address keeps its start and a hash
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d)")


@lru_cache(maxsize=50_000)
def normal(address: str) -> str | None:
    """The normal form, or None for what is no web address. Never raises."""
    text = re.sub(r"[\x00-\x20]", "", address)
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return None
    try:
        return _normal(text if scheme else f"https://{text.lstrip('/')}")
    except ValueError:  # a broken IPv6 host, a port that is no number
        return None


def domain(link: str) -> str:
    """The host of a normal form."""
    return link.removeprefix("https://").split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]


def _normal(address: str) -> str | None:
    parts = urlsplit(address)
    host = _host(parts.hostname or "")
    if not host:
        return None
    port = "" if parts.port in DEFAULT_PORTS else f":{parts.port}"
    query = _query(parts.query)
    page = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return _bounded(f"https://{host}{port}{parts.path.rstrip('/')}{query}{page}")


def _host(host: str) -> str:
    """Lower case, without www. and the root's dot; empty where it is no name of a web server."""
    name = host.casefold().rstrip(".").removeprefix("www.")
    return name if "." in name.strip(".") or ":" in name or name == "localhost" else ""


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    kept = sorted(pair for pair in pairs if not _tracks(pair[0]))
    return "?" + urlencode(kept) if kept else ""


def _tracks(name: str) -> bool:
    lower = name.casefold()
    return lower in TRACKING or lower.startswith(TRACKING_PREFIXES)


def _bounded(link: str) -> str:
    clean = link.encode("utf-8", "replace").decode()
    if len(clean) <= LONGEST:
        return clean
    return f"{clean[: LONGEST - 40]}…{hashlib.blake2b(clean.encode(), digest_size=16).hexdigest()}"
