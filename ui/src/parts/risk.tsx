// The score of a risk, its band, and the reasons behind it in words.
import type { Factor, Risk } from "../types";

export function Badge({ risk, big }: { risk: Pick<Risk, "score" | "band">; big?: boolean }) {
  return (
    <span class={`badge band-${risk.band} ${big ? "big" : ""}`} title={`Risk indicator ${risk.score} of 100: ${risk.band}`}>
      <b>{risk.score}</b><span>{risk.band}</span>
    </span>
  );
}

export const strongest = (factors: Factor[]): Factor[] =>
  [...factors].sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));

/** What speaks for the score comes first: what raised a high one, what moved a low one most. */
const telling = (risk: Risk): Factor[] => {
  const sorted = strongest(risk.factors);
  const raising = sorted.filter((factor) => factor.effect > 0);
  return (risk.score >= 50 && raising.length ? raising : sorted).slice(0, 2);
};

/** The reasons in one line: the two factors that say most about the score. */
export function Why({ risk }: { risk: Risk }) {
  const reasons = telling(risk).map((factor) => factor.text.replace(/\.$/, ""));
  return <>{reasons.length ? `${reasons.join(". ")}.` : "No single feature stands out."}</>;
}

export function Factors({ risk }: { risk: Risk }) {
  const factors = strongest(risk.factors);
  const largest = Math.max(0.01, ...factors.map((factor) => Math.abs(factor.effect)));
  return (
    <div class="factors">
      <ol>
        {factors.map((factor) => (
          <li key={factor.name} title={`${factor.name} = ${Number(factor.value.toPrecision(4))}`}>
            <span class="bar" aria-hidden="true"><i class={factor.effect >= 0 ? "up" : "down"} style={{ width: `${(50 * Math.abs(factor.effect)) / largest}%` }} /></span>
            <span class="says">{factor.text}</span>
            <span class={factor.effect >= 0 ? "effect up" : "effect down"}>{factor.effect >= 0 ? "raises" : "lowers"} {Math.abs(factor.effect).toFixed(2)}</span>
          </li>
        ))}
      </ol>
      <p class="small">
        Effects are changes in log odds against a typical case. Model {risk.model}, probability {risk.probability.toFixed(2)}. {risk.caveat}
      </p>
    </div>
  );
}
