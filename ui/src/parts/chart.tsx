// A stock's price, the posts a day under it, and what happened when. The words below say the same.
import { useEffect, useRef, useState } from "preact/hooks";
import { day } from "../format";
import type { PriceEvent, StockPrices } from "../types";

export interface Moment { at: string; text: string }

export function PriceChart({ prices, moments = [], listed = true }: { prices: StockPrices; moments?: Moment[]; listed?: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const [trouble, setTrouble] = useState(false);
  const nothing = prices.bars.length === 0 && prices.postsPerDay.length === 0;
  useEffect(() => {
    if (nothing) return;
    let close: (() => void) | null = null;
    let wanted = true;
    import("./chartdraw").then(({ drawChart }) => {
      if (wanted && box.current) close = drawChart(box.current, prices, moments);
    }).catch(() => wanted && setTrouble(true));
    return () => { wanted = false; close?.(); };
  }, [JSON.stringify([prices, moments])]);
  return (
    <figure class="prices">
      {nothing || trouble ? <p class="notice">{trouble ? "The chart could not be drawn; the events below say the same." : <>No prices or posts are known for ${prices.ticker} in this time. Load prices with <code>sentinelmarket ingest PRICES.csv</code>.</>}</p>
        : <div ref={box} class="chart" role="img" aria-label={`Daily price of ${prices.ticker} and posts a day that name it`} />}
      {prices.bars.length === 0 && !nothing && <p class="small">No prices are loaded for ${prices.ticker}; only posts a day are shown.</p>}
      {listed && <Events events={prices.priceEvents} />}
    </figure>
  );
}

const SHOWN = 8;

export function Events({ events, lead }: { events: PriceEvent[]; lead?: Map<string, number> }) {
  if (events.length === 0) return <p class="small">No unusual price or volume day is known.</p>;
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

function leadText(minutes: number): string {
  const size = Math.abs(minutes);
  const text = size < 60 ? `${Math.round(size)} min` : size < 2880 ? `${Math.round(size / 60)} h` : `${Math.round(size / 1440)} days`;
  return minutes >= 0 ? `The cluster's first post came ${text} earlier.` : `The cluster's first post came ${text} later.`;
}
