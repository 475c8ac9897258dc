// Which finished run is the newest?
// returns: id string, as_of int, finished_at int, posts int, ties int, clusters int, model string
MATCH (r:Run)
WHERE r.finished_at > 0
RETURN r.id AS id, r.as_of AS as_of, r.finished_at AS finished_at, r.posts AS posts,
       r.ties AS ties, r.clusters AS clusters, r.model AS model
ORDER BY finished_at DESC, id
LIMIT 1
