// What did two accounts post, naming which stocks and pointing where, as known at a moment?
// params: left string, right string, as_of int
// returns: id string, account_id string, at int, known_at int, repost bool, text string, stocks list<string>, links list<string>
UNWIND [$left, $right] AS key
MATCH (p:Post {account_id: key})
WHERE p.at IS NOT NULL AND p.known_at <= $as_of
OPTIONAL MATCH (p)-[:MENTIONS]->(s:Stock)
WITH p, collect(s.id) AS stocks
OPTIONAL MATCH (p)-[:LINKS_TO]->(l:Link)
RETURN p.id AS id, p.account_id AS account_id, p.at AS at, p.known_at AS known_at,
       EXISTS { MATCH (p)-[:REPOSTS]->(:Post) } AS repost,
       p.text AS text, stocks, collect(l.id) AS links
ORDER BY at, id
