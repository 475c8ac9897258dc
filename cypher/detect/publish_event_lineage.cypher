// Whose event is it?
// rows: lineage_event_id string, lineage_id string
// returns: nothing
// writes: HAPPENED_TO
UNWIND $rows AS row
MATCH (e:LineageEvent {id: row.lineage_event_id})
MATCH (l:Lineage {id: row.lineage_id})
MERGE (e)-[:HAPPENED_TO]->(l)
