// Posts: one card, groups of like texts side by side, and a strip of who posted when.
import { useState } from "preact/hooks";
import { groups, marked, type TextGroup } from "../diff";
import { clock, day, duration, link, moment, plural, shortDay, secondsBetween, who } from "../format";
import type { Post } from "../types";

export function PostCard({ post, base, since }: { post: Post; base?: Post; since?: string }) {
  const later = since ? secondsBetween(since, post.at) : 0;
  return (
    <article class="post" data-post={post.id}>
      <header>
        <a href={link("account", post.account.id)}>{who(post.account)}</a>
        <time dateTime={post.at} title={moment(post.at)}>{since ? shortDay(post.at) : day(post.at)} <b>{clock(post.at)}</b></time>
        {since && <span class="offset">{later === 0 ? "first" : `+${duration(later)}`}</span>}
      </header>
      <p dir="auto">{base && base.id !== post.id ? <Marked base={base.text} text={post.text} /> : post.text}</p>
      {post.links.map((url) => <OutLink key={url} url={url} />)}
      <p class="small">{post.repostOf && "repost "}{post.client && `sent with ${post.client} · `}<span title="How much the words read like a promotion, 0 to 1. Wording, never intent.">promotional words {post.promotionalLanguage.toFixed(2)}</span></p>
    </article>
  );
}

/** Only http(s) becomes a link; anything else stays text. */
export function OutLink({ url }: { url: string }) {
  const href = /^https?:\/\//i.test(url) ? url : /^[\w-]+(\.[\w-]+)+(\/|$)/.test(url) ? `https://${url}` : null;
  if (!href) return <p class="small url">{url}</p>;
  return <p class="small url"><a href={href} rel="noopener noreferrer nofollow" target="_blank">{url}</a></p>;
}

function Marked({ base, text }: { base: string; text: string }) {
  return <>{marked(base, text).map((word, index) => <span key={index}>{word.same ? word.text : <mark>{word.text}</mark>}{" "}</span>)}</>;
}

const SHOWN = 12;

function Group({ group, number }: { group: TextGroup; number: number }) {
  const [all, setAll] = useState(false);
  const lead = group.posts[0] as Post;
  const last = group.posts[group.posts.length - 1] as Post;
  const accounts = new Set(group.posts.map((post) => post.account.id)).size;
  const shown = all ? group.posts : group.posts.slice(0, SHOWN);
  return (
    <section class="group" aria-label={`Text ${number}`}>
      <h4>
        {group.posts.length === 1 ? "On its own" : `${plural(group.posts.length, "post")} with nearly the same words, by ${plural(accounts, "account")} within ${duration(secondsBetween(lead.at, last.at))}`}
      </h4>
      <div class="cards">{shown.map((post) => <PostCard key={post.id} post={post} base={lead} since={lead.at} />)}</div>
      {!all && group.posts.length > SHOWN && <button type="button" onClick={() => setAll(true)}>Show the other {group.posts.length - SHOWN}</button>}
    </section>
  );
}

export function GroupedPosts({ posts }: { posts: Post[] }) {
  const found = groups(posts);
  const together = found.filter((group) => group.posts.length > 1);
  const alone = found.filter((group) => group.posts.length === 1).flatMap((group) => group.posts);
  return (
    <>
      {together.map((group, index) => <Group key={group.posts[0]?.id} group={group} number={index + 1} />)}
      {alone.length > 0 && (
        <section class="group">
          <h4>{together.length ? `${plural(alone.length, "other post")}` : `${plural(alone.length, "post")}, each in other words`}</h4>
          <div class="cards">{alone.map((post) => <PostCard key={post.id} post={post} />)}</div>
        </section>
      )}
    </>
  );
}
