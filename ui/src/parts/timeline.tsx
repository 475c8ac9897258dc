// What happened to a stock, in order: events of its price, news, clusters that began. The chart above shows the same.
import { useState } from "preact/hooks";
import { count, day, kindName, link, moment, roughly } from "../format";
import type { ClusterRow, EventStory, StockNews } from "../types";

type Sort = "event" | "news" | "cluster";
interface Entry { at: string; sort: Sort; key: string; event?: EventStory; story?: StockNews; cluster?: ClusterRow }

const SORTS: [string, Sort | null][] = [["All", null], ["Unusual", "event"], ["News", "news"], ["Clusters", "cluster"]];
const STEP = 25;

interface Props { events: EventStory[]; news: StockNews[]; clusters: ClusterRow[]; onShow: (at: string) => void }

function entries({ events, news, clusters }: Props): Entry[] {
  const found: Entry[] = [
    ...events.map((event): Entry => ({ at: event.beginsAt ?? event.at, sort: "event", key: event.id, event })),
    ...news.map((story): Entry => ({ at: story.news.knownAt, sort: "news", key: story.news.id, story })),
    ...clusters.map((cluster): Entry => ({ at: cluster.firstAt, sort: "cluster", key: cluster.id, cluster })),
  ];
  return found.sort((a, b) => (a.at === b.at ? a.key.localeCompare(b.key) : a.at < b.at ? 1 : -1));
}

export function Timeline(props: Props) {
  const [sort, setSort] = useState<Sort | null>(null);
  const [shown, setShown] = useState(STEP);
  const all = entries(props);
  const wanted = all.filter((entry) => sort === null || entry.sort === sort);
  if (all.length === 0) return <p class="small">Nothing unusual, no news and no cluster is known.</p>;
  return (
    <>
      <p class="choices" role="group" aria-label="Show of what happened">
        {SORTS.map(([name, value]) => <button type="button" key={name} aria-pressed={sort === value} onClick={() => { setSort(value); setShown(STEP); }}>{name} <span class="small">{count(all.filter((entry) => value === null || entry.sort === value).length)}</span></button>)}
      </p>
      <ol class="timeline">{wanted.slice(0, shown).map((entry) => <Line key={`${entry.sort} ${entry.key}`} entry={entry} onShow={props.onShow} />)}</ol>
      {wanted.length === 0 && <p class="small">None.</p>}
      {wanted.length > shown && <button type="button" class="more" onClick={() => setShown(shown + STEP)}>Show earlier ones</button>}
    </>
  );
}

function Line({ entry, onShow }: { entry: Entry; onShow: Props["onShow"] }) {
  return (
    <li class={entry.sort}>
      <button type="button" class="plain" title={`${moment(entry.at)}: show in the chart`} onClick={() => onShow(entry.at)}>{day(entry.at)}</button>
      {entry.event && <EventLine event={entry.event} />}
      {entry.story && <NewsLine story={entry.story} />}
      {entry.cluster && <><span class="sort">cluster begins</span><p class="said"><a href={link("cluster", entry.cluster.id)}>{entry.cluster.name}</a>, risk {entry.cluster.risk.score}</p></>}
    </li>
  );
}

function EventLine({ event }: { event: EventStory }) {
  const [order, ...rest] = event.background.order.length > 1 ? event.background.says : ["", ...event.background.says];
  return (
    <>
      <span class="sort">{kindName(event.kind)}{event.severity && event.severity !== "notable" ? `, ${event.severity}` : ""}</span>
      <p class="said">{event.explanation}{event.circuit && <> <span class="chip">{event.circuit} limit</span></>}{event.splitRatio !== null && <> <span class="chip">probably not adjusted</span></>}</p>
      {(order || rest.length > 0) && <p class="small">{order && <span class="order">{order} </span>}{rest.join(" ")}</p>}
      {event.news.length > 0 && <p class="small">Known before: {event.news.slice(0, 3).map(({ minutes, news }) => `“${news.title}” (${roughly(minutes)})`).join(", ")}{event.news.length > 3 && ` and ${event.news.length - 3} more`}</p>}
      {event.clusters.slice(0, 3).map((one) => one.cluster && <p class="small" key={one.cluster.id}><a href={link("cluster", one.cluster.id)}>{one.cluster.name}</a>: {around(one.leadMinutes, one.lagMinutes)}</p>)}
    </>
  );
}

function around(lead: number, lag: number | null): string {
  const first = `first post ${roughly(lead)} ${lead >= 0 ? "before" : "after"} it`;
  return lag === null ? first : `${first}, last one ${roughly(lag)} ${lag >= 0 ? "after" : "before"}`;
}

const HOW: Record<string, string> = { cashtag: "by its cashtag", listing: "by its listing", name: "by its name", word: "by a word of its name", symbol: "by its symbol" };

function NewsLine({ story: { news, how } }: { story: StockNews }) {
  const title = news.url ? <a href={news.url} target="_blank" rel="noopener noreferrer nofollow">{news.title}</a> : news.title;
  const late = (new Date(news.knownAt).getTime() - new Date(news.at).getTime()) / 60_000;
  return (
    <>
      <span class="sort">{news.kind}</span>
      <p class="said">{title}</p>
      <p class="small">{[news.source, `named ${HOW[how] ?? how}`, moment(news.at), late > 1 ? `changed ${roughly(late)} later` : ""].filter(Boolean).join(" · ")}</p>
    </>
  );
}

