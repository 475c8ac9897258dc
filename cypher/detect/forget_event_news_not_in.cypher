// Which news was taken to be known before a price event, but is not any more?
// rows: event_id string, keep list<string>
// returns: nothing
// writes: PRECEDED_BY
UNWIND $rows AS row
MATCH (e:PriceEvent {id: row.event_id})-[w:PRECEDED_BY]->(n:News)
WHERE NOT n.id IN row.keep
DELETE w
