// Which stock did each price event happen to?
// rows: id string, ticker string
// returns: nothing
// writes: PRICE_EVENT_OF
UNWIND $rows AS row
MATCH (e:PriceEvent {id: row.id})
MATCH (s:Stock {id: row.ticker})
MERGE (e)-[:PRICE_EVENT_OF]->(s)
