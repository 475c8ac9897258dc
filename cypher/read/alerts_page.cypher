// Which alerts come next, newest first, highest first? '' as the state means any.
// params: state string, after_at int, after_score int, after_id string, limit int
// returns: id string, cluster_id string, title string, score int, tickers list<string>, raised_at int, state string, reason string, history list<string>, lineage_id string
MATCH (a:Alert)
WHERE ($state = '' OR a.state = $state)
  AND (a.raised_at < $after_at
       OR (a.raised_at = $after_at
           AND (a.score < $after_score OR (a.score = $after_score AND a.id > $after_id))))
RETURN a.id AS id, a.cluster_id AS cluster_id, a.title AS title, a.score AS score,
       a.tickers AS tickers, a.raised_at AS raised_at, a.state AS state, a.reason AS reason,
       a.history AS history, a.lineage_id AS lineage_id
ORDER BY raised_at DESC, score DESC, id
LIMIT $limit
