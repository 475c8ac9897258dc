// Where do the known posts of a time window point?
// params: since int, until int, as_of int
// returns: post list<string>, link list<string>
MATCH (p:Post)-[:LINKS_TO]->(l:Link)
WHERE p.at >= $since AND p.at < $until AND p.known_at <= $as_of
RETURN collect(p.id) AS post, collect(l.id) AS link
