// Who else pointed to these links, and when? As known at a moment.
// params: ids list<string>, as_of int
// returns: id string, account_id string, at int, known_at int, repost bool, link string
UNWIND $ids AS key
MATCH (l:Link {id: key})<-[:LINKS_TO]-(p:Post)
WHERE p.at IS NOT NULL AND p.known_at <= $as_of
RETURN p.id AS id, p.account_id AS account_id, p.at AS at, p.known_at AS known_at,
       EXISTS { MATCH (p)-[:REPOSTS]->(:Post) } AS repost,
       key AS link
ORDER BY at, id, link
