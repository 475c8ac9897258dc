"""UDiFF, the daily file of NSE and BSE from 2024-07-08: `BhavCopy_NSE_CM_0_0_0_20240708_F_0000`.

Derivatives come under the very same header: a file is of shares where Sgmt is CM, a line where
FinInstrmTp is STK. LastPric may be empty. Src says which exchange it is.
"""

from __future__ import annotations

from graph.errors import BadRecord
from ingest.market import india
from ingest.market.fields import day
from ingest.market.layout import Layout, Line
from ingest.market.quote import Quote
from ingest.market.venues import BSE, NSE


def _refuse(line: Line) -> str | None:
    if (segment := line["segment"]) == "CM":
        return None
    return f"its Sgmt is {segment or 'empty'}, and shares are in CM"


def _quote(line: Line) -> Quote:
    for name, wanted in (("segment", "CM"), ("type", "STK")):
        if line[name] != wanted:
            raise BadRecord(f"{LAYOUT.needed[name][0]} is {line[name] or 'empty'}, not {wanted}")
    at = day(line["date"])
    match line["exchange"]:
        case "NSE":
            return india.quote(line, NSE, line["symbol"], at, india.nse_share(line["series"]))
        case "BSE":
            return india.quote(line, BSE, line["code"], at, india.bse_share(line["series"]))
        case other:
            raise BadRecord(f"Src is {other or 'empty'}, neither NSE nor BSE")


LAYOUT = Layout(
    name="udiff",
    what="NSE or BSE prices in UDiFF",
    expected="TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,... "
    "with Sgmt CM and FinInstrmTp STK",
    needed={
        "date": ("TradDt",),
        "segment": ("Sgmt",),
        "exchange": ("Src",),
        "type": ("FinInstrmTp",),
        "code": ("FinInstrmId",),
        "isin": ("ISIN",),
        "symbol": ("TckrSymb",),
        "series": ("SctySrs",),
        "open": ("OpnPric",),
        "high": ("HghPric",),
        "low": ("LwPric",),
        "close": ("ClsPric",),
        "volume": ("TtlTradgVol",),
    },
    optional={
        "name": ("FinInstrmNm",),
        "last": ("LastPric",),
        "previous": ("PrvsClsgPric",),
        "turnover": ("TtlTrfVal",),
        "trades": ("TtlNbOfTxsExctd",),
    },
    quote=_quote,
    refuse=_refuse,
)
