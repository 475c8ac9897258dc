// Which lineages changed in this run? Each keeps how it was before, so that the same run again tells the same.
// rows: id string, at int, run_id string, cluster_id string, alive bool, members list<string>, tickers list<string>, named list<string>, named_posts list<int>, earlier_cluster_id string, earlier_alive bool, earlier_members list<string>, earlier_tickers list<string>, earlier_named list<string>, earlier_named_posts list<int>
// returns: nothing
// writes: Lineage
UNWIND $rows AS row
MERGE (l:Lineage {id: row.id})
ON CREATE SET l.born_at = row.at
WITH l, row
WHERE l.run_id IS NULL OR l.run_id <> row.run_id
SET l.run_id = row.run_id,
    l.cluster_id = row.cluster_id,
    l.alive = row.alive,
    l.members = row.members,
    l.tickers = row.tickers,
    l.named = row.named,
    l.named_posts = row.named_posts,
    l.earlier_cluster_id = row.earlier_cluster_id,
    l.earlier_alive = row.earlier_alive,
    l.earlier_members = row.earlier_members,
    l.earlier_tickers = row.earlier_tickers,
    l.earlier_named = row.earlier_named,
    l.earlier_named_posts = row.earlier_named_posts
