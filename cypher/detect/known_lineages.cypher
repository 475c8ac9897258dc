// Which lineages are there, as they were last seen and as they were before that? By id.
// params: after string, limit int
// returns: id string, run_id string, cluster_id string, alive bool, members list<string>, tickers list<string>, named list<string>, named_posts list<int>, earlier_cluster_id string, earlier_alive bool, earlier_members list<string>, earlier_tickers list<string>, earlier_named list<string>, earlier_named_posts list<int>
MATCH (l:Lineage)
WHERE l.id > $after
RETURN l.id AS id, l.run_id AS run_id, l.cluster_id AS cluster_id, l.alive AS alive,
       l.members AS members, l.tickers AS tickers, l.named AS named, l.named_posts AS named_posts,
       l.earlier_cluster_id AS earlier_cluster_id, l.earlier_alive AS earlier_alive,
       l.earlier_members AS earlier_members, l.earlier_tickers AS earlier_tickers,
       l.earlier_named AS earlier_named, l.earlier_named_posts AS earlier_named_posts
ORDER BY id
LIMIT $limit
