// Which lineage is an alert about, where that was not written yet?
// rows: alert_id string, lineage_id string, run_id string, score int, size int
// returns: nothing
// writes: Alert
UNWIND $rows AS row
MATCH (a:Alert {id: row.alert_id})
WHERE a.lineage_id IS NULL
SET a.lineage_id = row.lineage_id,
    a.found_by = row.run_id,
    a.size = row.size,
    a.noted_score = row.score,
    a.noted_size = row.size
