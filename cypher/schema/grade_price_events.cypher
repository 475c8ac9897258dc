// How grave is each price event, where an older program did not write it?
// rows: id string, severity string
// returns: nothing
// writes: PriceEvent
UNWIND $rows AS row
MATCH (e:PriceEvent {id: row.id})
WHERE e.severity IS NULL
SET e.severity = row.severity
