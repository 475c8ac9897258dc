// The drawing by lightweight-charts, in a chunk of its own.
import {
  CandlestickSeries, createChart, createSeriesMarkers, HistogramSeries,
  type IChartApi, type ISeriesApi, type SeriesMarker, type Time,
} from "lightweight-charts";
import { kindName } from "../format";
import type { PriceEvent, StockPrices } from "../types";
import type { Moment } from "./chart";

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const date = (at: string): string => new Date(at).toISOString().slice(0, 10);

function byDay<T>(rows: T[], at: (row: T) => string): T[] {
  const unique = new Map(rows.map((row) => [date(at(row)), row]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The first day drawn on or after `wanted`, else the last one: a marker needs a bar to stand on. */
function onDay(days: string[], wanted: string): string | null {
  return days.find((known) => known >= wanted) ?? days[days.length - 1] ?? null;
}

/** The strongest event of each day, the strongest day first. */
function daily(events: PriceEvent[], days: string[]): PriceEvent[] {
  const inside = events.filter((event) => date(event.at) >= (days[0] ?? "") && date(event.at) <= (days[days.length - 1] ?? ""));
  const sorted = [...inside].sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
  return sorted.filter((event, index) => sorted.findIndex((other) => date(other.at) === date(event.at)) === index);
}

function label(event: PriceEvent): string {
  if (event.abnormalReturn === null) return kindName(event.kind);
  return `${event.abnormalReturn > 0 ? "+" : ""}${(100 * event.abnormalReturn).toFixed(0)} %`;
}

/** Labels must not lie over each other, so an event near a stronger one is an arrow without words. */
function eventMarkers(events: PriceEvent[], days: string[]): SeriesMarker<Time>[] {
  const room = Math.max(4, days.length / 14);
  const spoken: number[] = [];
  return daily(events, days).flatMap((event) => {
    const time = onDay(days, date(event.at));
    if (!time) return [];
    const place = days.indexOf(time);
    const free = spoken.length < 6 && spoken.every((other) => Math.abs(other - place) > room);
    if (free) spoken.push(place);
    const up = (event.abnormalReturn ?? event.z) >= 0;
    return [{ time, position: "aboveBar", shape: up ? "arrowUp" : "arrowDown", color: token("--event"), text: free ? label(event) : "", size: 1 } satisfies SeriesMarker<Time>];
  });
}

/** The words stand under the first of several that are near each other. */
function momentMarkers(moments: Moment[], days: string[]): SeriesMarker<Time>[] {
  let last = -Infinity;
  return [...moments].sort((a, b) => (a.at < b.at ? -1 : 1)).flatMap(({ at, text }) => {
    const time = onDay(days, date(at));
    if (!time) return [];
    const free = days.indexOf(time) - last > days.length / 8;
    if (free) last = days.indexOf(time);
    return [{ time, position: "belowBar", shape: "circle", color: token("--accent"), text: free ? text : "", size: 1.5 } satisfies SeriesMarker<Time>];
  });
}

function options(box: HTMLElement) {
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    layout: {
      background: { color: "transparent" }, textColor: token("--ink"), attributionLogo: true, fontFamily: "system-ui, sans-serif",
      panes: { separatorColor: token("--line") },
    },
    grid: { vertLines: { color: token("--grid") }, horzLines: { color: token("--grid") } },
    rightPriceScale: { borderColor: token("--line") },
    timeScale: { borderColor: token("--line"), minBarSpacing: 0.2 },
    handleScroll: { mouseWheel: false },
    handleScale: { mouseWheel: false },
  };
}

type Drawn = { series: ISeriesApi<"Candlestick"> | ISeriesApi<"Histogram">; days: string[] };

function addPrices(chart: IChartApi, prices: StockPrices): Drawn | null {
  const bars = byDay(prices.bars, (bar) => bar.at);
  if (bars.length === 0) return null;
  const series = chart.addSeries(CandlestickSeries, {
    upColor: token("--up"), downColor: token("--down"), borderVisible: false, wickUpColor: token("--up"), wickDownColor: token("--down"), priceLineVisible: false,
  });
  series.setData(bars.map((bar) => ({ time: date(bar.at), open: bar.open, high: bar.high, low: bar.low, close: bar.close })));
  return { series, days: bars.map((bar) => date(bar.at)) };
}

interface Counted { title: string; color: string; rows: { day: string; count: number }[] }

/** A count a day as bars, in a pane of its own under what is there. */
function addCounts(chart: IChartApi, { title, color, rows }: Counted, pane: number): Drawn {
  const series = chart.addSeries(HistogramSeries, {
    color: token(color), priceFormat: { type: "volume" }, title, priceLineVisible: false, lastValueVisible: false,
  }, pane);
  series.setData(rows.map(({ day, count }) => ({ time: day, value: count })));
  return { series, days: rows.map(({ day }) => day) };
}

function postCounts(prices: StockPrices): Counted {
  const rows = byDay(prices.postsPerDay, (row) => row.day).map((row) => ({ day: date(row.day), count: row.posts }));
  return { title: "posts a day", color: "--posts", rows };
}

function newsCounts(prices: StockPrices): Counted {
  const counts = new Map<string, number>();
  for (const { news } of prices.news) counts.set(date(news.at), (counts.get(date(news.at)) ?? 0) + 1);
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, count]) => ({ day, count }));
  return { title: "news a day", color: "--news", rows };
}

/** Markers come last: they take their place from the time scale, which every series changes. */
function addMarkers({ series, days }: Drawn, prices: StockPrices, moments: Moment[]): void {
  const markers = [...eventMarkers(prices.priceEvents, days), ...momentMarkers(moments, days)];
  markers.sort((a, b) => String(a.time).localeCompare(String(b.time)));
  createSeriesMarkers(series as ISeriesApi<"Candlestick">, markers);
}

export interface Drawing { show: (at: string) => void; close: () => void }

const AROUND = 40 * 86_400_000;
const PRICE_SHARE = 3.5; // heights of the pane of prices, where one of counts is 1

export function drawChart(box: HTMLElement, prices: StockPrices, moments: Moment[]): Drawing {
  const chart = createChart(box, options(box));
  const candles = addPrices(chart, prices);
  const counted = [postCounts(prices), newsCounts(prices)].filter(({ rows }) => rows.length > 0);
  const under = counted.map((counts, index) => addCounts(chart, counts, candles ? index + 1 : index));
  const first = candles ?? under[0];
  if (first) addMarkers(first, prices, moments);
  chart.panes().forEach((pane, index) => pane.setStretchFactor(candles && index === 0 ? PRICE_SHARE : 1));
  chart.timeScale().fitContent();
  const watcher = new ResizeObserver(() => chart.resize(box.clientWidth, box.clientHeight));
  watcher.observe(box);
  const show = (at: string) => {
    const middle = new Date(at).getTime();
    const [from, to] = [middle - AROUND, middle + AROUND].map((ms) => date(new Date(ms).toISOString()));
    if (from && to) chart.timeScale().setVisibleRange({ from, to });
  };
  return { show, close: () => { watcher.disconnect(); chart.remove(); } };
}
