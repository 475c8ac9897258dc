// The drawing by lightweight-charts, in a chunk of its own.
import {
  CandlestickSeries, createChart, createSeriesMarkers, HistogramSeries,
  type IChartApi, type SeriesMarker, type Time,
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

/** Labels would lie over each other, so only the strongest few events speak; the rest are dots. */
function eventMarkers(events: PriceEvent[], days: string[]): SeriesMarker<Time>[] {
  const inside = events.filter((event) => date(event.at) >= (days[0] ?? "") && date(event.at) <= (days[days.length - 1] ?? ""));
  const strong = [...inside].sort((a, b) => Math.abs(b.z) - Math.abs(a.z)).slice(0, 4);
  return inside.flatMap((event) => {
    const time = onDay(days, date(event.at));
    if (!time) return [];
    const up = (event.abnormalReturn ?? event.z) >= 0;
    const text = event.kind === "volume_spike" ? "volume" : event.abnormalReturn === null ? "price" : `${(100 * event.abnormalReturn).toFixed(1)} %`;
    return [{ time, position: up ? "aboveBar" : "belowBar", shape: up ? "arrowUp" : "arrowDown", color: token("--event"), text: strong.includes(event) ? text : "", size: 1 } satisfies SeriesMarker<Time>];
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

function addPrices(chart: IChartApi, prices: StockPrices, moments: Moment[]): void {
  const bars = byDay(prices.bars, (bar) => bar.at);
  if (bars.length === 0) return;
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: token("--up"), downColor: token("--down"), borderVisible: false, wickUpColor: token("--up"), wickDownColor: token("--down"), priceLineVisible: false,
  });
  candles.setData(bars.map((bar) => ({ time: date(bar.at), open: bar.open, high: bar.high, low: bar.low, close: bar.close })));
  const days = bars.map((bar) => date(bar.at));
  const markers = [...eventMarkers(prices.priceEvents, days), ...momentMarkers(moments, days)];
  createSeriesMarkers(candles, markers.sort((a, b) => (String(a.time) < String(b.time) ? -1 : 1)));
}

function addPosts(chart: IChartApi, prices: StockPrices, moments: Moment[]): void {
  const pane = prices.bars.length > 0 ? 1 : 0;
  const posts = chart.addSeries(HistogramSeries, {
    color: token("--posts"), priceFormat: { type: "volume" }, title: "posts a day", priceLineVisible: false, lastValueVisible: false,
  }, pane);
  const days = byDay(prices.postsPerDay, (row) => row.day);
  posts.setData(days.map((row) => ({ time: date(row.day), value: row.posts })));
  if (pane === 0) createSeriesMarkers(posts, momentMarkers(moments, days.map((row) => date(row.day))));
  else chart.panes()[1]?.setHeight(90);
}

export function drawChart(box: HTMLElement, prices: StockPrices, moments: Moment[]): () => void {
  const chart = createChart(box, options(box));
  addPrices(chart, prices, moments);
  addPosts(chart, prices, moments);
  chart.timeScale().fitContent();
  const watcher = new ResizeObserver(() => chart.resize(box.clientWidth, box.clientHeight));
  watcher.observe(box);
  return () => { watcher.disconnect(); chart.remove(); };
}
