// Alerts, newest and highest first, by state.
import { useState } from "preact/hooks";
import { ask, useAsk } from "../api";
import { link } from "../format";
import { AlertBox } from "../parts/alert";
import { Tickers } from "../parts/rows";
import { Failed, Waiting } from "../parts/state";
import { ALERTS } from "../queries";
import type { Alert, AlertState, Page } from "../types";

const CHOICES: [string, AlertState | null][] = [
  ["Open", "OPEN"], ["Acknowledged", "ACKNOWLEDGED"], ["Dismissed", "DISMISSED"], ["Muted", "MUTED"], ["All", null],
];

interface Answer { alerts: Page<Alert> }

export function AlertsView() {
  const [state, setState] = useState<AlertState | null>("OPEN");
  return (
    <>
      <h1>Alerts</h1>
      <p class="lead">A cluster whose risk passes the line raises an alert once. Decide what it is; the reason is kept with it.</p>
      <p class="choices" role="group" aria-label="Show alerts that are">
        {CHOICES.map(([name, value]) => <button type="button" key={name} aria-pressed={state === value} onClick={() => setState(value)}>{name}</button>)}
      </p>
      <Listed key={state} state={state} />
    </>
  );
}

function Listed({ state }: { state: AlertState | null }) {
  const asked = useAsk<Answer>(ALERTS, { state });
  const [later, setLater] = useState<Answer[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  if (asked.loading) return <Waiting what="the alerts" />;
  if (!asked.data) return <Failed asked={asked} />;
  const pages = [asked.data, ...later];
  const last = pages[pages.length - 1] ?? asked.data;
  const alerts = pages.flatMap((page) => page.alerts.nodes);
  const more = () => ask<Answer>(ALERTS, { state, after: last.alerts.pageInfo.endCursor }).then(
    (page) => { setTrouble(null); setLater([...later, page]); },
    (error: Error) => setTrouble(error.message),
  );
  if (alerts.length === 0) return <p class="notice">No alert here. Look at another state, or find new ones with <code>sentinelmarket run</code>.</p>;
  return (
    <>
      <ol class="rows">{alerts.map((alert) => <AlertRow key={alert.id} alert={alert} />)}</ol>
      {trouble && <Failed asked={{ trouble, again: more }} />}
      {last.alerts.pageInfo.hasNextPage && <button type="button" class="more" onClick={more}>Show more alerts</button>}
    </>
  );
}

const band = (score: number): string =>
  score >= 85 ? "critical" : score >= 70 ? "high" : score >= 50 ? "elevated" : score >= 30 ? "watch" : "low";

function AlertRow({ alert }: { alert: Alert }) {
  return (
    <li class="row">
      <span class={`badge band-${band(alert.score)}`}><b>{alert.score}</b><span>{band(alert.score)}</span></span>
      <div class="what">
        <h3>{alert.cluster ? <a href={link("cluster", alert.cluster.id)}>{alert.title}</a> : alert.title}</h3>
        <p><Tickers tickers={alert.tickers} /></p>
        <AlertBox alert={alert} />
      </div>
    </li>
  );
}
