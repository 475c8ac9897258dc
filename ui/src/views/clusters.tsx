// The first view: clusters, the worst on top.
import { useState } from "preact/hooks";
import { ask, useAsk } from "../api";
import { count, day, moment, plural } from "../format";
import { ClusterItem } from "../parts/rows";
import { Failed, Waiting } from "../parts/state";
import { CLUSTERS } from "../queries";
import type { AlertState, ClusterRow, Page, Run } from "../types";

interface Answer {
  run: Run | null;
  clusters: Page<ClusterRow>;
  alerts: { nodes: { id: string; state: AlertState; cluster: { id: string } | null }[] };
}

export function ClustersView() {
  const asked = useAsk<Answer>(CLUSTERS);
  if (asked.loading) return <Waiting what="the clusters" />;
  if (!asked.data) return <Failed asked={asked} />;
  return <Ranked first={asked.data} />;
}

function Ranked({ first }: { first: Answer }) {
  const [pages, setPages] = useState([first]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const last = pages[pages.length - 1] ?? first;
  const more = () => ask<Answer>(CLUSTERS, { after: last.clusters.pageInfo.endCursor }).then(
    (page) => { setTrouble(null); setPages([...pages, page]); },
    (error: Error) => setTrouble(error.message),
  );
  const states = new Map(first.alerts.nodes.map((alert) => [alert.cluster?.id, alert.state]));
  const clusters = pages.flatMap((page) => page.clusters.nodes);
  return (
    <>
      <h1>Who is promoting a stock together?</h1>
      <Lead run={first.run} />
      {clusters.length === 0 ? <Nothing run={first.run} /> : (
        <ol class="rows" aria-label="Clusters, highest risk first">
          {clusters.map((cluster, index) => <ClusterItem key={cluster.id} cluster={cluster} alert={states.get(cluster.id)} rank={index + 1} />)}
        </ol>
      )}
      {trouble && <Failed asked={{ trouble, again: more }} />}
      {last.clusters.pageInfo.hasNextPage && <button type="button" class="more" onClick={more}>Show more clusters</button>}
    </>
  );
}

function Lead({ run }: { run: Run | null }) {
  if (!run) return null;
  return (
    <p class="lead">
      Groups of accounts that posted the same things about the same stocks at the same times more often than chance allows, as of <b title={moment(run.asOf)}>{day(run.asOf)}</b> ({count(run.posts)} posts, {plural(run.ties, "tie")}, {plural(run.clusters, "cluster")}; run finished {moment(run.finishedAt)}). The worst is on top. A score is an indicator, never a verdict: open a cluster and judge its posts.
    </p>
  );
}

function Nothing({ run }: { run: Run | null }) {
  if (run) return <p class="notice">This run looked at {plural(run.posts, "post")} and found no cluster. Load more with <code>sentinelmarket ingest FILE...</code>, then <code>sentinelmarket run</code>.</p>;
  return <p class="notice">Nothing has been looked at yet. Load posts with <code>sentinelmarket ingest FILE...</code>, then look for clusters with <code>sentinelmarket run</code>, and open this page again. To see it on a planted market first: <code>sentinelmarket demo</code>.</p>;
}
