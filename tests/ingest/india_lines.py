"""Lines as NSE and BSE write them, of companies that do not exist.

ACME trades at both exchanges under one ISIN. On day two it gives three shares for each one held.
"""

from __future__ import annotations

ISIN = "INE999A01015"
FUND = "INF999K01A16"
JANUARY_1 = 1_704_067_200_000  # 2024-01-01
JULY_8 = 1_720_396_800_000  # 2024-07-08
KNOWN = 14 * 3_600_000

NSE_OLD_HEAD = "SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,"
NSE_HEAD = f"{NSE_OLD_HEAD}TOTALTRADES,ISIN,"
NSE_ACME = f"ACME,EQ,328.9,346.85,326,329.05,327.3,321.7,56175,18975099.9,01-JAN-2024,810,{ISIN},"
NSE_OLD = "ACME,EQ,600,600,600,600,600,560,50,30000,2-JAN-1995,"

DELIVERY_HEAD = (
    "SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE, "
    "CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, TURNOVER_LACS, NO_OF_TRADES, DELIV_QTY, DELIV_PER"
)
DELIVERY_ACME = (
    "ACME, EQ, 01-Jan-2024, 321.70, 328.90, 346.85, 326.00, 327.30, 329.05, 337.78, 56175, "
    "189.75, 810, 18124, 32.26"
)

UDIFF_HEAD = (
    "TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,"
    "StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,"
    "SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,"
    "Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4"
)
UDIFF_NSE = (
    f"2024-07-08,2024-07-08,CM,NSE,STK,13501,{ISIN},ACME,EQ,,,,,ACME LOGISTICS LTD,64.50,64.79,"
    "63.54,64.09,64.10,64.46,,64.09,,,27565,1767083.34,197,F1,1,,,,,"
)
UDIFF_BSE = (
    f"2024-07-08,2024-07-08,CM,BSE,STK,599999,{ISIN},ACME,B,,,,,ACME LOGISTICS LTD.,64.55,64.80,"
    "63.50,64.05,64.05,64.45,,64.05,,,1918,122934.00,52,F1,1,,,,,"
)
UDIFF_FUTURE = (
    "2024-07-08,2024-07-08,FO,NSE,STF,48214,,ACME,,2024-07-25,2024-07-25,,,ACME24JULFUT,64.9,65.2,"
    "63.9,64.4,64.4,64.8,64.09,64.4,100,10,27,123.5,12,F1,1,,,,,"
)

BSE_HEAD = (
    "SC_CODE,SC_NAME,SC_GROUP,SC_TYPE,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,NO_TRADES,NO_OF_SHRS,"
    "NET_TURNOV,TDCLOINDI"
)
BSE_ACME = "599999,ACME LOG    ,B ,Q,328.00,346.00,327.00,329.10,329.00,321.75,352,6764,2225432.00,"
BSE_ISIN_HEAD = f"{BSE_HEAD},ISIN_CODE,TRADING_DATE,FILLER2,FILLER3"
BSE_ISIN_ACME = f"{BSE_ACME},{ISIN},01-Jan-24,,"

PAGE = "<!DOCTYPE html>\n<html><head><title>BSE</title></head><body>Page not found</body></html>\n"


def changed(line: str, place: int, value: str) -> str:
    """The line with another value in one field, spaces after commas kept."""
    parts = line.split(",")
    space = " " if parts[place].startswith(" ") else ""
    return ",".join([*parts[:place], space + value, *parts[place + 1 :]])
