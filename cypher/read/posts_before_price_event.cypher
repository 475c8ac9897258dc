// Which posts named the stock in the hours before a price event? (For an analyst.)
// params: event_id string, hours int, limit int
// returns: id string, account_id string, at int, text string
MATCH (e:PriceEvent {id: $event_id})-[:PRICE_EVENT_OF]->(s:Stock)
MATCH (s)<-[:MENTIONS]-(p:Post)
WHERE p.at < e.at AND p.at >= e.at - $hours * 3600000
RETURN p.id AS id, p.account_id AS account_id, p.at AS at, p.text AS text
ORDER BY at DESC, id
LIMIT $limit
