// One tie: how unlikely it is by chance, and the pairs of posts it rests on, side by side; or why there is none.
import { useAsk } from "../api";
import { chance, duration, link, plural, traceName, who } from "../format";
import { WHY } from "../queries";
import type { CoAction, Tie } from "../types";
import { PostCard } from "./posts";
import { Failed, Waiting } from "./state";
import { WhyNotDetail } from "./whynot";

export function TieDetail({ left, right }: { left: string; right: string }) {
  const asked = useAsk<{ why: Tie | null }>(WHY, { left, right });
  if (asked.loading) return <Waiting what="the evidence of this tie" />;
  if (!asked.data) return <Failed asked={asked} />;
  const tie = asked.data.why;
  if (!tie) return <WhyNotDetail left={left} right={right} />;
  const pairs = tie.evidence ?? [];
  return (
    <div class="tie">
      <h3><a href={link("account", tie.left.id)}>{who(tie.left)}</a> and <a href={link("account", tie.right.id)}>{who(tie.right)}</a></h3>
      <p>{plural(tie.coActions, "shared action")} where chance gives {tie.expected < 0.01 ? "next to none" : tie.expected.toFixed(2)} ({tie.traces.map(traceName).join(", ")}). Probability by chance {chance(tie.pValue)}, {chance(tie.qValue)} after allowing for all pairs looked at.</p>
      {pairs.map((pair) => <Pair key={`${pair.left.id} ${pair.right.id} ${pair.trace} ${pair.window}`} pair={pair} />)}
      {pairs.length < tie.coActions && <p class="small">{plural(pairs.length, "pair")} of {tie.coActions} kept as evidence.</p>}
    </div>
  );
}

function Pair({ pair }: { pair: CoAction }) {
  const apart = pair.seconds === 0 ? "in the same second" : `${duration(pair.seconds)} apart`;
  return (
    <section class="pair">
      <p class="between"><b>{apart}</b> · {traceName(pair.trace)}{pair.object && <> <span class="object">{shortened(pair.object)}</span></>} · window {pair.window}</p>
      <div class="sides"><PostCard post={pair.left} /><PostCard post={pair.right} base={pair.left} /></div>
    </section>
  );
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
