// One cluster: its score and why, its graph, its posts side by side, its stock's price, its alert.
import { useMemo, useState } from "preact/hooks";
import { useAsk } from "../api";
import { count, day, link, plural, span, who } from "../format";
import { AlertBox } from "../parts/alert";
import { Events, PriceChart } from "../parts/chart";
import { GraphPart, type Picked } from "../parts/graph";
import { Lineage } from "../parts/lineage";
import { Members, profile, Ties } from "../parts/members";
import { GroupedPosts, PostCard } from "../parts/posts";
import { Badge, Factors } from "../parts/risk";
import { Tickers, Traces } from "../parts/rows";
import { Failed, Unknown, Waiting } from "../parts/state";
import { Strip } from "../parts/strip";
import { TieDetail } from "../parts/tie";
import { OneVoice, Voices } from "../parts/voices";
import { Worth } from "../parts/worth";
import { CLUSTER, PRICES } from "../queries";
import type { Alert, Cluster, StockPrices } from "../types";

interface Answer { cluster: Cluster | null; alerts: { nodes: Alert[] } }

export function ClusterView({ id }: { id: string }) {
  const asked = useAsk<Answer>(CLUSTER, { id });
  if (asked.loading) return <Waiting what="the cluster" />;
  if (!asked.data) return <Failed asked={asked} />;
  const { cluster, alerts } = asked.data;
  if (!cluster) return <Unknown what="This cluster is not in the newest run." hint="A later run may have grown or split it." />;
  return <Shown cluster={cluster} alert={alerts.nodes.find((alert) => alert.cluster?.id === id)} />;
}

function Shown({ cluster, alert }: { cluster: Cluster; alert?: Alert }) {
  const [picked, setPicked] = useState<Picked>(null);
  const pickedPosts = useMemo(() => (picked?.kind === "account" ? cluster.evidence.filter((post) => post.account.id === picked.id) : []), [picked]);
  return (
    <>
      <div class="title">
        <Badge risk={cluster.risk} big />
        <div>
          <h1>{cluster.name}</h1>
          <p class="facts"><Traces traces={cluster.traces} /><OneVoice voices={cluster.voices} alone={false} /><Tickers tickers={cluster.tickers} /><span>{plural(cluster.size, "account")} · {plural(cluster.ties.length, "tie")} · {count(cluster.postCount)} evidence posts · {span(cluster.firstAt, cluster.lastAt)}</span></p>
        </div>
      </div>
      {cluster.benign && <p class="benign"><b>May be ordinary life:</b> {cluster.benign}</p>}
      <p class="jump"><Jump id="why" name="Why" /><Jump id="voices" name="What they say alike" /><Jump id="graph" name="Who is tied to whom" /><Jump id="posts" name="The posts" /><Jump id="price" name="The price" /><Jump id="lineage" name="Over runs" /></p>
      <section id="why">
        <h2>Why it scores {cluster.risk.score}</h2>
        <Factors risk={cluster.risk} />
        <h3>What the evidence is worth</h3>
        <Worth key={cluster.id} id={cluster.id} members={cluster.members} />
        {alert ? <AlertBox alert={alert} /> : <p class="small">No alert stands for this cluster among the newest ones: its score is under the line.</p>}
      </section>
      <section id="voices">
        <h2>What they say alike</h2>
        <Voices key={cluster.id} voices={cluster.voices} size={cluster.size} />
      </section>
      <section id="graph">
        <h2>Who is tied to whom</h2>
        <div class="split">
          <GraphPart graph={cluster.graph} picked={picked} onPick={setPicked} />
          <div><Members cluster={cluster} picked={picked} onPick={setPicked} /><Ties cluster={cluster} picked={picked} onPick={setPicked} /></div>
        </div>
        <div class="picked" aria-live="polite">
          {picked?.kind === "tie" && <TieDetail left={picked.left} right={picked.right} />}
          {picked?.kind === "account" && <PickedAccount id={picked.id} cluster={cluster} posts={pickedPosts} />}
        </div>
      </section>
      <section id="posts">
        <h2>The posts, side by side</h2>
        <p class="small">Earliest first, like texts together; <mark>marked words</mark> differ from the first post of their group.{cluster.postCount > cluster.evidence.length && ` The first ${cluster.evidence.length} of ${count(cluster.postCount)}.`}</p>
        <Reads language={cluster.language} />
        <Strip posts={cluster.evidence} chosen={picked?.kind === "account" ? picked.id : null} />
        <GroupedPosts posts={cluster.evidence} />
      </section>
      <section id="price"><Prices cluster={cluster} /></section>
      <section id="lineage"><h2>What became of it over runs</h2><Lineage lineage={cluster.lineage} /></section>
    </>
  );
}

/** What the words are like, which says nothing of intent. */
function Reads({ language }: { language: Cluster["language"] }) {
  const { promotional, promotionalPosts, sentiment, posts, model } = language;
  if (promotional === null || promotionalPosts === null || sentiment === null) return null;
  const tone = sentiment > 0.1 ? "good" : sentiment < -0.1 ? "bad" : "neutral";
  return (
    <p class="language" title={`Read by ${model}`}>
      Promotional language <b>{promotional.toFixed(2)}</b> of 1 on average over {plural(posts, "post")}; {Math.round(100 * promotionalPosts)} % read like a promotion. The news sounds {tone} ({sentiment.toFixed(2)}). Wording, never intent.
    </p>
  );
}

/** The address after # names the view, so a jump inside the page scrolls and leaves it alone. */
function Jump({ id, name }: { id: string; name: string }) {
  return <button type="button" onClick={() => document.getElementById(id)?.scrollIntoView()}>{name}</button>;
}

function PickedAccount({ id, cluster, posts }: { id: string; cluster: Cluster; posts: Cluster["evidence"] }) {
  const member = cluster.members.find((one) => one.account.id === id);
  return (
    <div>
      <h3>{member ? who(member.account) : id} <span class="small">{profile(id)}</span></h3>
      {posts.length === 0 ? <p class="small">None of the evidence posts shown here is its own.</p> : <div class="cards">{posts.map((post) => <PostCard key={post.id} post={post} />)}</div>}
    </div>
  );
}

const BEFORE = 60 * 86_400_000;
const AFTER = 30 * 86_400_000;
const moved = (at: string, by: number): string => new Date(new Date(at).getTime() + by).toISOString();

function Prices({ cluster }: { cluster: Cluster }) {
  const [ticker, setTicker] = useState(cluster.promotions[0]?.stock.ticker ?? cluster.tickers[0] ?? null);
  if (!ticker) return <><h2>Price</h2><p class="small">Its posts name no stock.</p></>;
  const promotion = cluster.promotions.find((one) => one.stock.ticker === ticker);
  return (
    <>
      <h2>The price of <a href={link("stock", ticker)}>${ticker}</a> around its posts</h2>
      {cluster.promotions.length > 1 && (
        <p class="choices">{cluster.promotions.slice(0, 8).map(({ stock, share }) => <button type="button" key={stock.ticker} aria-pressed={stock.ticker === ticker} onClick={() => setTicker(stock.ticker)}>${stock.ticker} <span class="small">{Math.round(100 * share)} %</span></button>)}</p>
      )}
      {promotion && <p>{plural(promotion.posts, "evidence post")} ({Math.round(100 * promotion.share)} %) {promotion.posts === 1 ? "names" : "name"} it, {span(promotion.firstAt, promotion.lastAt)}.</p>}
      <PricesOf key={ticker} ticker={ticker} cluster={cluster} from={promotion?.firstAt ?? cluster.firstAt} to={promotion?.lastAt ?? cluster.lastAt} />
    </>
  );
}

function PricesOf({ ticker, cluster, from, to }: { ticker: string; cluster: Cluster; from: string; to: string }) {
  const [since, until] = [moved(from, -BEFORE), moved(to, AFTER)];
  const asked = useAsk<{ stock: StockPrices | null }>(PRICES, { ticker, since, until });
  if (asked.loading) return <Waiting what="prices" />;
  if (!asked.data) return <Failed asked={asked} />;
  const stock = asked.data.stock;
  if (!stock) return <p class="notice">Nothing is known of ${ticker}. Load prices with <code>sentinelmarket ingest PRICES.csv</code>.</p>;
  const aligned = cluster.priceEvents.filter(({ event }) => event.ticker === ticker);
  const inside = stock.priceEvents.filter((event) => event.at >= since && event.at <= until);
  const lead = new Map(aligned.map(({ event, leadMinutes }) => [event.id, leadMinutes]));
  return (
    <>
      {aligned.length > 0 && <><h3>What was unusual near its posts</h3><Events events={aligned.map(({ event }) => event)} lead={lead} /></>}
      <PriceChart prices={{ ...stock, priceEvents: inside }} moments={[{ at: from, text: `first post ${day(from)}` }]} listed={aligned.length === 0} />
    </>
  );
}
