// The drawing by lightweight-charts, in a chunk of its own.
import {
  CandlestickSeries, createChart, createSeriesMarkers, HistogramSeries,
  type IChartApi, type ISeriesApi, type SeriesMarker, type Time,
} from "lightweight-charts";
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
  if (event.abnormalReturn === null) return "volume";
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

function momentMarkers(moments: Moment[], days: string[]): SeriesMarker<Time>[] {
  return moments.flatMap(({ at, text }) => {
    const time = onDay(days, date(at));
    return time ? [{ time, position: "belowBar", shape: "circle", color: token("--accent"), text, size: 1.5 } satisfies SeriesMarker<Time>] : [];
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

function addPosts(chart: IChartApi, prices: StockPrices): Drawn {
  const pane = prices.bars.length > 0 ? 1 : 0;
  const series = chart.addSeries(HistogramSeries, {
    color: token("--posts"), priceFormat: { type: "volume" }, title: "posts a day", priceLineVisible: false, lastValueVisible: false,
  }, pane);
  const rows = byDay(prices.postsPerDay, (row) => row.day);
  series.setData(rows.map((row) => ({ time: date(row.day), value: row.posts })));
  return { series, days: rows.map((row) => date(row.day)) };
}

/** Markers come last: they take their place from the time scale, which every series changes. */
function addMarkers({ series, days }: Drawn, prices: StockPrices, moments: Moment[]): void {
  const markers = [...eventMarkers(prices.priceEvents, days), ...momentMarkers(moments, days)];
  markers.sort((a, b) => String(a.time).localeCompare(String(b.time)));
  createSeriesMarkers(series as ISeriesApi<"Candlestick">, markers);
}

export function drawChart(box: HTMLElement, prices: StockPrices, moments: Moment[]): () => void {
  const chart = createChart(box, options(box));
  const candles = addPrices(chart, prices);
  const posts = addPosts(chart, prices);
  addMarkers(candles ?? posts, prices, moments);
  if (candles) chart.panes()[1]?.setHeight(90);
  chart.timeScale().fitContent();
  const watcher = new ResizeObserver(() => chart.resize(box.clientWidth, box.clientHeight));
  watcher.observe(box);
  return () => { watcher.disconnect(); chart.remove(); };
}
