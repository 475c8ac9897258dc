// What each piece of evidence is worth: asked for when wanted, because the server scores it again and again.
import { useState } from "preact/hooks";
import { useAsk } from "../api";
import { link, moment, plural, traceName, who } from "../format";
import { EXPLANATION } from "../queries";
import type { Evidence, Explanation, Member } from "../types";
import { Failed, Waiting } from "./state";

interface Answer { cluster: { explanation: Explanation } | null }

export function Worth({ id, members }: { id: string; members: Member[] }) {
  const [wanted, setWanted] = useState(false);
  if (!wanted) {
    return (
      <p class="worth-ask">
        <button type="button" onClick={() => setWanted(true)}>Take evidence out and score again</button>{" "}
        <span class="small">Some seconds the first time after a run.</span>
      </p>
    );
  }
  return <Asked id={id} members={members} />;
}

function Asked({ id, members }: { id: string; members: Member[] }) {
  const asked = useAsk<Answer>(EXPLANATION, { id });
  if (asked.loading) return <Waiting what="the score without each piece of evidence" />;
  const told = asked.data?.cluster?.explanation;
  return told ? <Told told={told} members={members} /> : <Failed asked={asked} />;
}

function Told({ told, members }: { told: Explanation; members: Member[] }) {
  const fewest = new Set(told.counterfactual.sourceIds ?? []);
  const names = new Map(members.map(({ account }) => [account.id, who(account)]));
  return (
    <div class="worth">
      <p class="drop">{told.counterfactual.text}</p>
      <h3>The posts that say most, each with those above it gone</h3>
      <ol class="pieces">
        {told.evidence.map((one) => <Piece key={one.name} one={one} score={told.score} needed={one.sourceIds.some((post) => fewest.has(post))} names={names} />)}
      </ol>
      <h3>What goes together</h3>
      <table class="groups">
        <thead><tr><th>Taken out</th><th class="number">Posts</th><th class="number">Score then</th></tr></thead>
        <tbody>{told.groups.map((one) => <Together key={`${one.type} ${one.name}`} one={one} score={told.score} names={names} />)}</tbody>
      </table>
      <h3>Among the other clusters of this run</h3>
      <ul class="peers">
        {told.topFactors.map((factor) => <li key={factor.name}>{factor.peerPercentile !== null && <i class="rank" aria-hidden="true"><b style={{ left: `${factor.peerPercentile}%` }} /></i>}<span>{factor.text}</span></li>)}
      </ul>
      <details>
        <summary>What was not considered, and what to bear in mind</summary>
        <ul class="small">{[...told.notConsidered, ...told.caveats].map((line) => <li key={line}>{line}</li>)}</ul>
        <p class="small">{told.versions.map(({ name, version }) => `${name} ${version}`).join(" · ")} · as of {moment(told.asOf)}</p>
      </details>
    </div>
  );
}

interface Shown { one: Evidence; score: number; names: Map<string, string> }

function Piece({ one, score, needed, names }: Shown & { needed: boolean }) {
  const account = one.entities.find((entity) => !entity.startsWith("$"));
  const left = one.scoreWithoutFirst ?? score;
  return (
    <li>
      <span class="left" title={`Without this post and those above it the score is ${left}`}><i style={{ width: `${left}%` }} /><b>{left}</b></span>
      <div>
        {account && <a href={link("account", account)}>{names.get(account) ?? account}</a>} {one.times[0] && <time dateTime={one.times[0]}>{moment(one.times[0])}</time>} {needed && <span class="needed" title="One of the smallest set that drops the band">needed</span>}
        <p dir="auto">{one.posts[0]?.text}</p>
        <p class="small">This post {one.text}.</p>
      </div>
    </li>
  );
}

function Together({ one, score, names }: Shown) {
  const then = score + (one.deltaScoreIfRemoved ?? 0);
  const what = one.type === "member" ? `All posts of ${names.get(one.name) ?? one.name}`
    : one.type === "voice" ? (one.trace === "post" ? "All that repeats, quotes or answers one post" : `All that says: ${one.trace === "phrase" ? `“${one.name}”` : label(one)}`)
    : one.type === "trace" ? `All that shows: ${traceName(one.name)}`
    : `${traceName(one.trace ?? "")}: ${label(one)}`;
  return <tr><td>{what}</td><td class="number">{plural(one.sourceIds.length, "post")}</td><td class="number">{then}</td></tr>;
}

/** A text's key says nothing to a reader, so the first post stands for it. */
function label(one: Evidence): string {
  const text = /^[0-9a-f]{16,}$/.test(one.name) ? one.posts[0]?.text ?? one.name : one.name;
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
}
