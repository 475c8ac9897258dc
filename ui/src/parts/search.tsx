// One box for tickers and accounts; the key / jumps into it.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../api";
import { link, who } from "../format";
import { SEARCH } from "../queries";

interface Hit { href: string; name: string; note: string }
interface Answer {
  stock: { ticker: string; name: string | null } | null;
  accounts: { nodes: { id: string; handle: string | null; platform: string }[] };
}

const hits = (answer: Answer): Hit[] => [
  ...(answer.stock ? [{ href: link("stock", answer.stock.ticker), name: `$${answer.stock.ticker}`, note: answer.stock.name ?? "stock" }] : []),
  ...answer.accounts.nodes.map((account) => ({ href: link("account", account.id), name: who(account), note: `account on ${account.platform}` })),
];

const find = (text: string): Promise<Hit[]> => {
  const bare = text.replace(/^[$@]/, "");
  return ask<Answer>(SEARCH, { ticker: bare.toUpperCase(), text: bare }).then(hits);
};

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export function Search() {
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [found, setFound] = useState<Hit[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const clear = () => { setText(""); setFound(null); setTrouble(null); };

  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      if (event.key !== "/" || typing(event.target)) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener("keydown", jump);
    addEventListener("hashchange", clear);
    return () => { removeEventListener("keydown", jump); removeEventListener("hashchange", clear); };
  }, []);

  useEffect(() => {
    if (!text.trim()) { setFound(null); return; }
    let wanted = true;
    const timer = setTimeout(() => find(text.trim()).then(
      (list) => { if (wanted) { setFound(list); setTrouble(null); } },
      (error: Error) => { if (wanted) { setFound(null); setTrouble(error.message); } },
    ), 150);
    return () => { wanted = false; clearTimeout(timer); };
  }, [text]);

  const go = async (event: Event) => {
    event.preventDefault();
    const typed = box.current?.value.trim() ?? ""; // what is drawn may lag behind quick typing
    if (!typed) return;
    const list = await find(typed).catch((error: Error) => { setTrouble(error.message); return []; });
    setFound(list);
    if (!list[0] || box.current?.value.trim() !== typed) return; // typing went on meanwhile
    location.hash = list[0].href;
    box.current?.blur();
  };
  return (
    <form class="search" role="search" onSubmit={go} onKeyDown={(event) => { if (event.key === "Escape") { clear(); box.current?.blur(); } }}>
      <input ref={box} type="search" value={text} placeholder="Ticker or account ( / )" aria-label="Find a ticker or an account" autocomplete="off" spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} />
      {(found || trouble) && (
        <ul class="hits">
          {trouble && <li class="bad">{trouble}</li>}
          {found?.length === 0 && <li>No stock or account by that name. A ticker is written like ACME, an account like its handle.</li>}
          {found?.map((hit) => <li key={hit.href}><a href={hit.href}>{hit.name} <span class="small">{hit.note}</span></a></li>)}
        </ul>
      )}
    </form>
  );
}
