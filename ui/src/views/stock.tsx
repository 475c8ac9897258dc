// One stock: its risk and why, its price with posts a day, the clusters that promote it.
import { useAsk } from "../api";
import { plural } from "../format";
import { PriceChart } from "../parts/chart";
import { Badge, Factors } from "../parts/risk";
import { ClusterItem } from "../parts/rows";
import { Failed, Unknown, Waiting } from "../parts/state";
import { STOCK } from "../queries";
import type { ClusterRow, Risk, StockPrices } from "../types";

type Stock = StockPrices & { risk: Risk | null; clusters: ClusterRow[] };

export function StockView({ ticker }: { ticker: string }) {
  const asked = useAsk<{ stock: Stock | null }>(STOCK, { ticker });
  if (asked.loading) return <Waiting what={`$${ticker}`} />;
  if (!asked.data) return <Failed asked={asked} />;
  const stock = asked.data.stock;
  if (!stock) return <Unknown what={`No post or price names $${ticker}.`} hint="Tickers are written in capitals, as ACME." />;
  const first = stock.clusters.map((cluster) => ({ at: cluster.firstAt, text: "cluster starts" })).slice(0, 3);
  return (
    <>
      <div class="title">{stock.risk && <Badge risk={stock.risk} big />}<div><h1>${stock.ticker}{stock.name ? ` ${stock.name}` : ""}</h1><p class="facts">{plural(stock.clusters.length, "cluster")} · {plural(stock.priceEvents.length, "unusual day")}</p></div></div>
      <section>
        <h2>How risky it is because of them</h2>
        {stock.risk ? <Factors risk={stock.risk} /> : <p class="notice">This stock has no score: no run has looked at it, or too few posts name it. <code>sentinelmarket run</code> looks again.</p>}
      </section>
      <section><h2>Price and posts a day</h2><PriceChart prices={stock} moments={first} /></section>
      <section>
        <h2>Clusters that promote it</h2>
        {stock.clusters.length ? <ol class="rows">{stock.clusters.map((cluster) => <ClusterItem key={cluster.id} cluster={cluster} />)}</ol> : <p class="notice">None.</p>}
      </section>
    </>
  );
}
