// What are these alerts, and what was made of them?
// params: ids list<string>
// returns: id string, cluster_id string, title string, score int, tickers list<string>, raised_at int, state string, reason string, history list<string>, lineage_id string
UNWIND $ids AS key
MATCH (a:Alert {id: key})
RETURN a.id AS id, a.cluster_id AS cluster_id, a.title AS title, a.score AS score,
       a.tickers AS tickers, a.raised_at AS raised_at, a.state AS state, a.reason AS reason,
       a.history AS history, a.lineage_id AS lineage_id
