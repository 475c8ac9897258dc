// The list of clusters to judge, one after the other. It stands until it is worked through.
import { useState } from "preact/hooks";
import { ask, useAsk } from "../api";
import { count, link } from "../format";
import { Badge, Why } from "../parts/risk";
import { Tickers } from "../parts/rows";
import { Failed, Waiting } from "../parts/state";
import { DRAW_REVIEW, JUDGE, REVIEW } from "../queries";
import type { Prevalence, ReviewItem, ReviewQueue, Verdict } from "../types";

const NEEDS_REASON = "Say why it is harmless, so that the next reader need not ask you.";
const SAID: Record<Verdict, string> = { PROMOTION: "a promotion", HARMLESS: "harmless", UNCLEAR: "unclear" };
const PARTS: Record<string, string> = { top: "likeliest", uncertain: "unsure", random: "by chance" };

interface Answer { reviewQueue: ReviewQueue; prevalence: Prevalence | null }

export function ReviewView() {
  const asked = useAsk<Answer>(REVIEW);
  if (asked.loading) return <Waiting what="the list" />;
  if (!asked.data) return <Failed asked={asked} />;
  const { reviewQueue: queue, prevalence } = asked.data;
  return (
    <>
      <h1>To judge</h1>
      <p class="lead">Open the posts, say what it is, go on to the next. Most are the likeliest promotions, some are those the model is least sure of, and a few are drawn by chance: only these tell how many there are. A verdict is kept as what you said, never as a finding of guilt.</p>
      <Estimate prevalence={prevalence} />
      {queue.drawnAt ? <Worked key={queue.id} queue={queue} next={asked.again} /> : <Start queue={queue} started={asked.again} />}
    </>
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

function Estimate({ prevalence }: { prevalence: Prevalence | null }) {
  if (!prevalence) return null;
  return <p class="small">About {percent(prevalence.share)} of all clusters are promotions ({percent(prevalence.low)} to {percent(prevalence.high)}), from {count(prevalence.judged)} judged of {count(prevalence.drawn)} drawn by chance.</p>;
}

function Start({ queue, started }: { queue: ReviewQueue; started: () => void }) {
  const [trouble, setTrouble] = useState<string | null>(null);
  if (queue.items.length === 0) return <p class="notice">Nothing is left to judge in the newest run. Find more with <code>sentinelmarket run</code>.</p>;
  const start = () => ask(DRAW_REVIEW).then(started, (error: Error) => setTrouble(error.message));
  return (
    <p class="notice">
      {count(queue.unknown)} {queue.unknown === 1 ? "cluster is" : "clusters are"} undecided. <button type="button" onClick={start}>Draw a list of {queue.items.length}</button>
      {trouble && <span class="bad" role="alert"> {trouble}</span>}
    </p>
  );
}

function Worked({ queue, next }: { queue: ReviewQueue; next: () => void }) {
  const [said, setSaid] = useState<Record<number, Verdict>>({});
  const verdict = (item: ReviewItem) => said[item.place] ?? item.verdict;
  const open = queue.items.find((item) => !verdict(item));
  const [chosen, setChosen] = useState<number | null>(null);
  const at = chosen ?? open?.place ?? null;
  const done = queue.items.filter(verdict).length;
  return (
    <>
      <p class="facts" role="status">{done} of {queue.items.length} judged.{!open && <button type="button" onClick={next}>Go on to the next list</button>}</p>
      <ol class="rows">
        {queue.items.map((item) => (
          <Row key={item.place} item={item} verdict={verdict(item)} open={item.place === at} onOpen={() => setChosen(item.place)}
            onSaid={(what) => { setSaid({ ...said, [item.place]: what }); setChosen(null); }} />
        ))}
      </ol>
    </>
  );
}

interface RowProps { item: ReviewItem; verdict: Verdict | null; open: boolean; onOpen: () => void; onSaid: (what: Verdict) => void }

function Row({ item, verdict, open, onOpen, onSaid }: RowProps) {
  const { cluster } = item;
  if (!cluster) return <li class="row"><span class="rank">{item.place}.</span><p>The newest run does not find this cluster any more.</p></li>;
  return (
    <li class="row">
      <Badge risk={cluster.risk} />
      <div class="what">
        <h3><a href={link("cluster", cluster.id)}><span class="rank">{item.place}. </span>{cluster.name}</a></h3>
        <p class="facts"><span class="chip">{PARTS[item.part] ?? item.part}</span><Tickers tickers={cluster.tickers} /><span>{item.says.replace(/^[^:]*: /, "")}</span></p>
        {open && <><p><Why risk={cluster.risk} /></p>{cluster.benign && <p class="benign"><b>May be ordinary life:</b> {cluster.benign}</p>}<Judge id={cluster.id} onSaid={onSaid} /></>}
      </div>
      {verdict ? <span class="state">{SAID[verdict]}</span> : !open && <button type="button" onClick={onOpen}>Judge</button>}
    </li>
  );
}

function Judge({ id, onSaid }: { id: string; onSaid: (what: Verdict) => void }) {
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);
  const say = (verdict: Verdict) => {
    if (verdict === "HARMLESS" && !reason.trim()) return setTrouble(NEEDS_REASON);
    ask(JUDGE, { id, verdict, reason: reason.trim() || null }).then(() => onSaid(verdict), (error: Error) => setTrouble(error.message));
  };
  return (
    <form class="dismissal" onSubmit={(event) => event.preventDefault()}>
      <label>Reason (required for harmless) <input name="reason" maxLength={500} autocomplete="off" value={reason} onInput={(event) => setReason((event.target as HTMLInputElement).value)} /></label>
      <button type="button" onClick={() => say("PROMOTION")}>A promotion</button>
      <button type="button" onClick={() => say("HARMLESS")}>Harmless</button>
      <button type="button" onClick={() => say("UNCLEAR")}>Cannot tell</button>
      {trouble && <p class="bad" role="alert">{trouble}</p>}
    </form>
  );
}
