// What is known of the alerts of these lineages?
// params: ids list<string>
// returns: id string, lineage_id string, cluster_id string, run_id string, found_by string, title string, score int, size int, tickers list<string>, raised_at int, state string, reason string, history list<string>, noted_score int, noted_size int
UNWIND $ids AS key
MATCH (a:Alert {lineage_id: key})
RETURN a.id AS id, a.lineage_id AS lineage_id, a.cluster_id AS cluster_id, a.run_id AS run_id,
       a.found_by AS found_by, a.title AS title, a.score AS score, a.size AS size,
       a.tickers AS tickers, a.raised_at AS raised_at, a.state AS state, a.reason AS reason,
       a.history AS history, a.noted_score AS noted_score, a.noted_size AS noted_size
ORDER BY id
