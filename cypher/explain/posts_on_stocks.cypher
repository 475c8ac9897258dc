// Who named these stocks, and when, with all stocks that each post names? As known at a moment.
// params: ids list<string>, as_of int
// returns: id string, account_id string, at int, known_at int, repost bool, stocks list<string>
UNWIND $ids AS key
MATCH (:Stock {id: key})<-[:MENTIONS]-(p:Post)
WHERE p.at IS NOT NULL AND p.known_at <= $as_of
WITH DISTINCT p
MATCH (p)-[:MENTIONS]->(s:Stock)
RETURN p.id AS id, p.account_id AS account_id, p.at AS at, p.known_at AS known_at,
       EXISTS { MATCH (p)-[:REPOSTS]->(:Post) } AS repost,
       collect(s.id) AS stocks
ORDER BY at, id
