// Which accounts do the known posts of a time window name?
// params: since int, until int, as_of int
// returns: post list<string>, mentioned list<string>
MATCH (p:Post)-[:MENTIONS_ACCOUNT]->(a:Account)
WHERE p.at >= $since AND p.at < $until AND p.known_at <= $as_of
RETURN collect(p.id) AS post, collect(a.id) AS mentioned
