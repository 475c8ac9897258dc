// One stock: its risk and why, its price with posts and news a day, what happened in order, the clusters that promote it.
import { useState } from "preact/hooks";
import { useAsk } from "../api";
import { link, plural } from "../format";
import { PriceChart } from "../parts/chart";
import { Badge, Factors } from "../parts/risk";
import { ClusterItem, Tickers } from "../parts/rows";
import { Failed, Unknown, Waiting } from "../parts/state";
import { Timeline } from "../parts/timeline";
import { STOCK } from "../queries";
import type { ClusterRow, EventStory, Risk, StockPrices } from "../types";

type Stock = Omit<StockPrices, "priceEvents"> & { pricedAs: string; called: string[]; priceEvents: EventStory[]; risk: Risk | null; clusters: ClusterRow[] };

export function StockView({ ticker }: { ticker: string }) {
  const asked = useAsk<{ stock: Stock | null }>(STOCK, { ticker });
  if (asked.loading) return <Waiting what={`$${ticker}`} />;
  if (!asked.data) return <Failed asked={asked} />;
  const stock = asked.data.stock;
  if (!stock) return <Unknown what={`No post or price names $${ticker}.`} hint="Tickers are written in capitals, as ACME." />;
  return <Shown stock={stock} />;
}

function Shown({ stock }: { stock: Stock }) {
  const [focus, setFocus] = useState<string | null>(null);
  const first = stock.clusters.map((cluster) => ({ at: cluster.firstAt, text: "cluster starts" })).slice(0, 3);
  const show = (at: string) => {
    setFocus(at);
    document.querySelector(".chart")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <div class="title">{stock.risk && <Badge risk={stock.risk} big />}<div><h1>${stock.ticker}{stock.name ? ` ${stock.name}` : ""}</h1><p class="facts">{[plural(stock.clusters.length, "cluster"), `${stock.priceEvents.length} unusual`, plural(stock.news.length, "article")].join(" · ")}{stock.pricedAs !== stock.ticker && <span>· prices of <a href={link("stock", stock.pricedAs)}>{stock.pricedAs}</a></span>}{stock.called.length > 0 && <span>· posts call it <Tickers tickers={stock.called} /></span>}</p></div></div>
      <section>
        <h2>How risky it is because of them</h2>
        {stock.risk ? <Factors risk={stock.risk} /> : <p class="notice">This stock has no score: no run has looked at it, or too few posts name it. <code>sentinelmarket run</code> looks again.</p>}
      </section>
      <section id="course">
        <h2>Price, posts and news</h2>
        <PriceChart prices={stock} moments={first} listed={false} focus={focus} />
        <h3>What happened, the newest first</h3>
        <Timeline events={stock.priceEvents} news={stock.news} clusters={stock.clusters} onShow={show} />
      </section>
      <section>
        <h2>Clusters that promote it</h2>
        {stock.clusters.length ? <ol class="rows">{stock.clusters.map((cluster) => <ClusterItem key={cluster.id} cluster={cluster} />)}</ol> : <p class="notice">None.</p>}
      </section>
    </>
  );
}
