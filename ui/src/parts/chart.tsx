// A stock's price, posts and news a day under it, and what happened when. The words below say the same.
import { useEffect, useRef, useState } from "preact/hooks";
import { day, roughly } from "../format";
import type { PriceEvent, StockPrices } from "../types";
import type { Drawing } from "./chartdraw";

export interface Moment { at: string; text: string }

interface Shown { prices: StockPrices; moments?: Moment[]; listed?: boolean; focus?: string | null }

export function PriceChart({ prices, moments = [], listed = true, focus = null }: Shown) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawing | null>(null);
  const [trouble, setTrouble] = useState(false);
  const nothing = prices.bars.length === 0 && prices.postsPerDay.length === 0 && prices.news.length === 0;
  useEffect(() => {
    if (nothing) return;
    let wanted = true;
    import("./chartdraw").then(({ drawChart }) => {
      if (wanted && box.current) drawn.current = drawChart(box.current, prices, moments);
    }).catch(() => wanted && setTrouble(true));
    return () => { wanted = false; drawn.current?.close(); drawn.current = null; };
  }, [JSON.stringify([prices, moments])]);
  useEffect(() => { if (focus) drawn.current?.show(focus); }, [focus]);
  return (
    <figure class="prices">
      {nothing || trouble ? <p class="notice">{trouble ? "The chart could not be drawn; the events below say the same." : <>No prices or posts are known for ${prices.ticker} in this time. Load prices with <code>sentinelmarket ingest PRICES.csv</code>.</>}</p>
        : <div ref={box} class={prices.news.length > 0 ? "chart tall" : "chart"} role="img" aria-label={`Daily price of ${prices.ticker}, posts a day that name it, news a day, and what was unusual`} />}
      {prices.bars.length === 0 && !nothing && <p class="small">No prices are loaded for ${prices.ticker}; only posts and news a day are shown.</p>}
      {listed && <Events events={prices.priceEvents} />}
    </figure>
  );
}

const SHOWN = 8;

export function Events({ events, lead }: { events: PriceEvent[]; lead?: Map<string, number> }) {
  if (events.length === 0) return <p class="small">Nothing unusual is known.</p>;
  const strongest = [...events].sort((a, b) => Math.abs(b.z) - Math.abs(a.z)).slice(0, SHOWN);
  return (
    <ul class="events">
      {strongest.map((event) => (
        <li key={event.id}><b>{day(event.at)}</b> {event.explanation}{lead?.has(event.id) && <span class="small"> {leadText(lead.get(event.id) ?? 0)}</span>}</li>
      ))}
      {events.length > SHOWN && <li class="small">and {events.length - SHOWN} weaker ones</li>}
    </ul>
  );
}

const leadText = (minutes: number): string =>
  `The cluster's first post came ${roughly(minutes)} ${minutes >= 0 ? "earlier" : "later"}.`;
