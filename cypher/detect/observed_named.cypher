// Which stocks do the known posts of a time window name?
// params: since int, until int, as_of int
// returns: post list<string>, ticker list<string>
MATCH (p:Post)-[:MENTIONS]->(s:Stock)
WHERE p.at >= $since AND p.at < $until AND p.known_at <= $as_of
RETURN collect(p.id) AS post, collect(s.id) AS ticker
