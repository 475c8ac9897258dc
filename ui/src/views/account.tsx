// One account: its clusters, its ties, its posts.
import { useState } from "preact/hooks";
import { ask, useAsk } from "../api";
import { chance, count, day, link, plural, traceName, who } from "../format";
import { PostCard } from "../parts/posts";
import { ClusterItem } from "../parts/rows";
import { Failed, Unknown, Waiting } from "../parts/state";
import { TieDetail } from "../parts/tie";
import { ACCOUNT_VIEW, ACCOUNTS_LIKE } from "../queries";
import type { Account as Plain, AccountRef, ClusterRow, Post, Tie } from "../types";

type Account = Plain & { clusters: ClusterRow[]; ties: Tie[]; posts: Post[] };

export function AccountView({ id }: { id: string }) {
  const asked = useAsk<{ account: Account | null }>(ACCOUNT_VIEW, { id });
  if (asked.loading) return <Waiting what="the account" />;
  if (!asked.data) return <Failed asked={asked} />;
  const account = asked.data.account;
  if (!account) return <Unknown what={`No account has the id ${id}.`} hint="Look for its handle in the box above." />;
  return (
    <>
      <div class="title"><div><h1>{who(account)}</h1><p class="facts">{facts(account).join(" · ")}</p></div></div>
      <section>
        <h2>Clusters it belongs to</h2>
        {account.clusters.length ? <ol class="rows">{account.clusters.map((cluster) => <ClusterItem key={cluster.id} cluster={cluster} />)}</ol> : <p class="notice">None.</p>}
      </section>
      <section><h2>Its ties</h2><TieTable account={account} /><Beside account={account} /></section>
      <section>
        <h2>Its posts, newest first</h2>
        {account.posts.length ? <div class="cards">{account.posts.map((post) => <PostCard key={post.id} post={post} />)}</div> : <p class="notice">None of its posts were loaded; others mention it.</p>}
      </section>
    </>
  );
}

function facts(account: Account): string[] {
  return [
    account.platform, account.id,
    account.createdAt ? `since ${day(account.createdAt)}` : "",
    account.followers === null ? "" : `${count(account.followers)} followers`,
    account.following === null ? "" : `follows ${count(account.following)}`,
    account.postsCount === null ? "" : `${plural(account.postsCount, "post")} in all`,
    account.verified ? "verified" : "",
  ].filter(Boolean);
}

function TieTable({ account }: { account: Account }) {
  const [open, setOpen] = useState<string | null>(null);
  if (account.ties.length === 0) return <p class="notice">None: it did nothing together with another account more often than chance allows.</p>;
  const ties = [...account.ties].sort((a, b) => b.weight - a.weight);
  const other = (tie: Tie) => (tie.left.id === account.id ? tie.right : tie.left);
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Ties">
        <table>
          <thead><tr><th scope="col">With</th><th scope="col">What they share</th><th scope="col" class="n">Times</th><th scope="col" class="n">By chance</th><th scope="col">First to last</th></tr></thead>
          <tbody>
            {ties.map((tie) => (
              <tr key={other(tie).id} class={open === other(tie).id ? "on" : ""}>
                <td><button type="button" class="plain" aria-pressed={open === other(tie).id} onClick={() => setOpen(other(tie).id)}>{who(other(tie))}</button></td>
                <td>{tie.traces.map(traceName).join(", ")}</td><td class="n">{tie.coActions}</td><td class="n">{chance(tie.pValue)}</td><td>{day(tie.firstAt)} to {day(tie.lastAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="picked" aria-live="polite">{open && <><TieDetail left={[account.id, open].sort()[0] as string} right={[account.id, open].sort()[1] as string} /><p><a href={link("account", open)}>Go to this account</a></p></>}</div>
    </>
  );
}

/** A handle as the id of its account; what is no handle of one stays as typed, and the server says what is near. */
async function idOf(typed: string): Promise<string> {
  const name = typed.replace(/^@/, "").toLowerCase();
  const found = await ask<{ accounts: { nodes: AccountRef[] } }>(ACCOUNTS_LIKE, { text: name });
  const same = found.accounts.nodes.filter((one) => one.handle?.toLowerCase() === name);
  return same.length === 1 && same[0] ? same[0].id : typed;
}

/** Asks of any other account, tied or not. */
function Beside({ account }: { account: Account }) {
  const [other, setOther] = useState<string | null>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget as HTMLFormElement).get("other") ?? "").trim();
    if (typed) idOf(typed).then(setOther, () => setOther(typed));
    else setOther(null);
  };
  return (
    <>
      <form class="dismissal" onSubmit={submit}>
        <label>Why is it tied, or not, to another account? <input name="other" placeholder="id or @handle" maxLength={200} autocomplete="off" /></label>
        <button type="submit">Look</button>
      </form>
      <div class="picked answer" aria-live="polite">{other && <TieDetail key={other} left={account.id} right={other} />}</div>
    </>
  );
}
