// What is known of these lineages: since when, on which stocks, and as which cluster last seen?
// params: ids list<string>
// returns: id string, born_at int, cluster_id string, alive bool, size int, tickers list<string>
UNWIND $ids AS key
MATCH (l:Lineage {id: key})
RETURN l.id AS id, l.born_at AS born_at, l.cluster_id AS cluster_id, l.alive AS alive,
       size(l.members) AS size, l.tickers AS tickers
