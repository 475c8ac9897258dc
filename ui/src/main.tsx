// The page: a head, a search box and one view, chosen by what stands after the # of the address.
import { render } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { Search } from "./parts/search";
import { AccountView } from "./views/account";
import { AlertsView } from "./views/alerts";
import { ClusterView } from "./views/cluster";
import { ClustersView } from "./views/clusters";
import { ReviewView } from "./views/review";
import { StockView } from "./views/stock";

const TITLES: Record<string, string> = { "": "Clusters", cluster: "Cluster", stock: "Stock", account: "Account", alerts: "Alerts", review: "To judge" };

function route(): { view: string; id: string } {
  const [view = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  return { view, id: safeDecode(rest.join("/")) };
}

function safeDecode(text: string): string {
  try { return decodeURIComponent(text); } catch { return text; }
}

function View({ view, id }: { view: string; id: string }) {
  if (view === "" || view === "clusters") return <ClustersView />;
  if (view === "cluster") return <ClusterView key={id} id={id} />;
  if (view === "stock") return <StockView key={id} ticker={id} />;
  if (view === "account") return <AccountView key={id} id={id} />;
  if (view === "alerts") return <AlertsView />;
  if (view === "review") return <ReviewView />;
  return <p class="notice">There is no such view. <a href="#/">Go to the clusters.</a></p>;
}

function App() {
  const [where, setWhere] = useState(route);
  useLayoutEffect(() => { // an ordinary effect runs later, and would miss a move made meanwhile
    const moved = () => { setWhere(route()); window.scrollTo(0, 0); };
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  useEffect(() => {
    const name = TITLES[where.view] ?? "Clusters";
    document.title = `${where.view === "stock" ? `$${where.id}` : name} · SentinelMarket`;
  }, [where]);
  const current = (view: string) => (where.view === view ? "page" : undefined);
  return (
    <>
      <header class="top">
        <a class="brand" href="#/">SentinelMarket</a>
        <nav aria-label="Views">
          <a href="#/" aria-current={current("")}>Clusters</a>
          <a href="#/alerts" aria-current={current("alerts")}>Alerts</a>
          <a href="#/review" aria-current={current("review")}>To judge</a>
        </nav>
        <Search />
      </header>
      <main><View {...where} /></main>
      <footer>
        A score is an indicator, never a verdict. Times are UTC. Charts: <a href="https://www.tradingview.com/" rel="noopener noreferrer" target="_blank">TradingView Lightweight Charts</a> (<a href="NOTICE">notices</a>).
      </footer>
    </>
  );
}

const root = document.getElementById("app");
if (root) render(<App />, root);
