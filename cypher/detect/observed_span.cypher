// Between which times do the known posts lie, and when was the last of them known?
// params: as_of int
// returns: first int, last int, last_known int, posts int
MATCH (p:Post)
WHERE p.known_at <= $as_of AND p.at IS NOT NULL
RETURN min(p.at) AS first, max(p.at) AS last, max(p.known_at) AS last_known, count(p) AS posts
