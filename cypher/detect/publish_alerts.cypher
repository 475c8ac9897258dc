// Which alerts were raised? An alert that is there already keeps what an analyst made of it.
// rows: id string, lineage_id string, cluster_id string, run_id string, title string, score int, size int, tickers list<string>, raised_at int, state string, reason string, history list<string>
// returns: nothing
// writes: Alert
UNWIND $rows AS row
MERGE (a:Alert {id: row.id})
ON CREATE SET a.lineage_id = row.lineage_id,
              a.cluster_id = row.cluster_id,
              a.run_id = row.run_id,
              a.found_by = row.run_id,
              a.title = row.title,
              a.score = row.score,
              a.size = row.size,
              a.tickers = row.tickers,
              a.raised_at = row.raised_at,
              a.state = row.state,
              a.reason = row.reason,
              a.history = row.history,
              a.noted_score = row.score,
              a.noted_size = row.size
