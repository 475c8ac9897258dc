// Two accounts without a tie: what they shared all the same, and why that is not enough.
import { useAsk } from "../api";
import { chance, duration, plural, traceName } from "../format";
import { WHY_NOT } from "../queries";
import type { WhyNot } from "../types";
import { PostCard } from "./posts";
import { Failed, Waiting } from "./state";

const SHOWN = 5;

export function WhyNotDetail({ left, right }: { left: string; right: string }) {
  const asked = useAsk<{ whyNot: WhyNot | null }>(WHY_NOT, { left, right });
  if (asked.loading) return <Waiting what="what the two have in common" />;
  if (!asked.data) return <Failed asked={asked} />;
  const found = asked.data.whyNot;
  if (!found) return <p class="notice">These two accounts are tied.</p>;
  return (
    <div class="whynot">
      <h3>They are not tied</h3>
      <p>{found.says}</p>
      {found.asked.length > 0 && <Questions asked={found.asked} />}
      {found.shared.slice(0, SHOWN).map((pair) => (
        <section class="pair" key={`${pair.left.id} ${pair.right.id} ${pair.trace} ${pair.window}`}>
          <p class="between"><b>{pair.seconds === 0 ? "in the same second" : `${duration(pair.seconds)} apart`}</b> · {traceName(pair.trace)} · window {pair.window} · {plural(pair.accounts, "account")} did it then</p>
          <div class="sides"><PostCard post={pair.left} /><PostCard post={pair.right} base={pair.left} /></div>
        </section>
      ))}
      {found.shared.length > SHOWN && <p class="small">The first {SHOWN} of {found.shared.length}.</p>}
      {found.apart.length > 0 && (
        <>
          <h4>What both did, but not together</h4>
          <ul class="events">{found.apart.slice(0, SHOWN).map((one) => <li key={`${one.trace} ${one.object}`}>{traceName(one.trace)}: nearest {duration(one.seconds)} apart, where {one.window} would count</li>)}</ul>
        </>
      )}
    </div>
  );
}

function Questions({ asked }: { asked: WhyNot["asked"] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="What was asked of the two">
      <table>
        <thead><tr><th scope="col">What both did</th><th scope="col">Within</th><th scope="col" class="n">Times</th><th scope="col" class="n">Chance gives</th><th scope="col" class="n">By chance</th></tr></thead>
        <tbody>
          {asked.map((one) => (
            <tr key={`${one.trace} ${one.window}`}>
              <td>{traceName(one.trace)}</td><td>{one.window}</td><td class="n">{one.times}</td>
              <td class="n">{one.expected === null ? "" : one.expected < 0.01 ? "next to none" : one.expected.toFixed(2)}</td>
              <td class="n">{one.pValue === null ? "" : chance(one.pValue)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
