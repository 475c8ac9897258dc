// A cluster followed over runs: since when, on which stocks, and what happened to it.
import { day, moment } from "../format";
import type { Lineage as Followed, LineageEvent } from "../types";
import { Tickers } from "./rows";

export function Lineage({ lineage }: { lineage: Followed | null }) {
  if (!lineage) return <p class="small">The run is of an older program, which did not follow clusters. <code>sentinelmarket run</code> begins to.</p>;
  const events = [...lineage.events].reverse();
  return (
    <>
      <p>First seen {day(lineage.bornAt)}. {lineage.tickers.length > 0 && <>So far about <Tickers tickers={lineage.tickers} /></>}</p>
      {events.length === 0 ? <p class="small">No run noted anything else.</p> : <ol class="timeline">{events.map((event) => <Event key={`${event.runId} ${event.lineageId} ${event.kind} ${event.other ?? ""}`} event={event} own={lineage.id} />)}</ol>}
    </>
  );
}

function Event({ event, own }: { event: LineageEvent; own: string }) {
  const changed = event.kind === "birth" ? "" : [event.joined ? `${event.joined} joined` : "", event.gone ? `${event.gone} gone` : ""].filter(Boolean).join(", ");
  return (
    <li class="cluster">
      <span title={moment(event.at)}>{day(event.at)}</span>
      <span class="sort">{event.kind}</span>
      <p class="said">{event.says}{event.lineageId !== own && <span class="small"> (of the other cluster)</span>}{changed && <span class="small"> {changed}.</span>}</p>
    </li>
  );
}
