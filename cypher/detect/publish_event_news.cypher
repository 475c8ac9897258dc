// Which news of the stock was known when each price event began?
// rows: event_id string, news_id string, minutes float
// returns: nothing
// writes: PRECEDED_BY
UNWIND $rows AS row
MATCH (n:News {id: row.news_id})
MATCH (e:PriceEvent {id: row.event_id})
MERGE (e)-[w:PRECEDED_BY]->(n)
WITH w, row
WHERE w.minutes IS NULL OR w.minutes <> row.minutes
SET w.minutes = row.minutes
