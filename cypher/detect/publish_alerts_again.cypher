// What did this run see of alerts that are there? Once a run; one that an analyst dismissed opens again where `reopens` says so.
// rows: id string, found_by string, cluster_id string, title string, score int, size int, tickers list<string>, entries list<string>, noted_score int, noted_size int, reopens bool, reason string
// returns: nothing
// writes: Alert
UNWIND $rows AS row
MATCH (a:Alert {id: row.id})
WHERE coalesce(a.found_by, '') <> row.found_by
WITH a, row, row.reopens AND a.state = 'dismissed' AS again
SET a.found_by = row.found_by,
    a.cluster_id = row.cluster_id,
    a.title = row.title,
    a.score = row.score,
    a.size = row.size,
    a.tickers = row.tickers,
    a.history = coalesce(a.history, []) + row.entries,
    a.noted_score = row.noted_score,
    a.noted_size = row.noted_size,
    a.state = CASE WHEN again THEN 'open' ELSE a.state END,
    a.reason = CASE WHEN again THEN row.reason ELSE a.reason END
