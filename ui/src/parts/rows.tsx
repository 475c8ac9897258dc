// A cluster as one row of a ranked list.
import { count, link, plural, span, traceName } from "../format";
import type { AlertState, ClusterRow } from "../types";
import { Badge, Why } from "./risk";
import { OneVoice } from "./voices";

export const STATES: Record<AlertState, string> = {
  OPEN: "alert open", ACKNOWLEDGED: "alert acknowledged", DISMISSED: "alert dismissed", MUTED: "alert muted",
};

export function Traces({ traces }: { traces: string[] }) {
  return <>{traces.map((trace) => <span class="chip" key={trace}>{traceName(trace)}</span>)}</>;
}

export function Tickers({ tickers }: { tickers: string[] }) {
  return <>{tickers.slice(0, 6).map((ticker) => <a class="chip ticker" key={ticker} href={link("stock", ticker)}>${ticker}</a>)}{tickers.length > 6 && <span class="small">and {tickers.length - 6} more</span>}</>;
}

export function ClusterItem({ cluster, alert, rank }: { cluster: ClusterRow; alert?: AlertState; rank?: number }) {
  return (
    <li class="row">
      <Badge risk={cluster.risk} />
      <div class="what">
        <h3><a href={link("cluster", cluster.id)}>{rank ? <span class="rank">{rank}. </span> : null}{cluster.name}</a></h3>
        <p><Why risk={cluster.risk} /></p>
        {cluster.benign && <p class="benign"><b>May be ordinary life:</b> {cluster.benign}</p>}
        <p class="facts">
          <Traces traces={cluster.traces} />
          <OneVoice voices={cluster.voices} alone={cluster.traces.length === 0} />
          <span>{plural(cluster.size, "account")} · {count(cluster.postCount)} evidence {cluster.postCount === 1 ? "post" : "posts"} · {span(cluster.firstAt, cluster.lastAt)}</span>
          {alert && <span class={`state ${alert.toLowerCase()}`}>{STATES[alert]}</span>}
        </p>
      </div>
      <a class="open" href={link("cluster", cluster.id)} tabIndex={-1} aria-hidden="true">See the posts →</a>
    </li>
  );
}
