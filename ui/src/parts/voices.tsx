// What the accounts of a cluster say alike of a stock, though no two of them may be tied.
import { useState } from "preact/hooks";
import { chance, day, link, odds, plural, span, who } from "../format";
import type { Voice } from "../types";
import { OutLink } from "./posts";

const SHOWN = 6;

/** In a row of a list: that they speak alike, and what, where no shared trace says more. */
export function OneVoice({ voices, alone }: { voices: Pick<Voice, "kind" | "what" | "accounts">[]; alone: boolean }) {
  const first = voices.find((voice) => voice.kind === "phrase") ?? voices[0];
  if (!first) return null;
  return (
    <>
      <span class="chip" title="They say the same new thing of one stock, and hardly anybody says it of others">one voice</span>
      {alone && first.kind !== "post" && <span>{plural(first.accounts, "account")} say “{first.what}”</span>}
    </>
  );
}

export function Voices({ voices, size }: { voices: Voice[]; size: number }) {
  const [all, setAll] = useState(false);
  if (voices.length === 0) return <p class="small">Nothing that hardly anybody else says.</p>;
  const shown = all ? voices : voices.slice(0, SHOWN);
  return (
    <>
      <p class="small">Phrases, links and posts that its accounts use for one stock and hardly anybody uses for others, with the odds of as many doing so if the stock had nothing to do with it. News makes people speak alike too, so this says that they do, never that they promote.</p>
      <ol class="voices">{shown.map((voice) => <Line key={`${voice.kind} ${voice.what} ${voice.firstAt}`} voice={voice} size={size} />)}</ol>
      {voices.length > shown.length && <button type="button" onClick={() => setAll(true)}>Show the other {voices.length - shown.length}</button>}
    </>
  );
}

function Line({ voice, size }: { voice: Voice; size: number }) {
  return (
    <li>
      <span class="share" title={`${voice.accounts} of the ${size} accounts`}><i style={{ width: `${Math.min(100, (100 * voice.accounts) / size)}%` }} /><b>{voice.accounts} of {size}</b></span>
      <div>
        <What voice={voice} />
        <p class="small">{span(voice.firstAt, voice.lastAt)} · <span title={`p = ${chance(voice.pValue)}, after counting everything said of stocks`}>{odds(voice.pValue)} by chance</span></p>
      </div>
    </li>
  );
}

function What({ voice }: { voice: Voice }) {
  if (voice.kind === "phrase") return <p class="said" dir="auto">“{voice.what}”</p>;
  if (voice.kind === "link") return <OutLink url={voice.what} />;
  const { post } = voice;
  if (!post) return <p>They repeat, quote or answer the post {voice.what}.</p>;
  return <p>They repeat, quote or answer <a href={link("account", post.account.id)}>{who(post.account)}</a>, {day(post.at)}: <span class="said" dir="auto">“{post.text}”</span></p>;
}
