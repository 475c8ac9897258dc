// Between which times do the known posts lie?
// params: as_of int
// returns: first int, last int, posts int
MATCH (p:Post)
WHERE p.known_at <= $as_of AND p.at IS NOT NULL
RETURN min(p.at) AS first, max(p.at) AS last, count(p) AS posts
