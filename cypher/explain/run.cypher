// What did this run see, and what was it told?
// params: id string
// returns: id string, as_of int, finished_at int, posts int, ties int, clusters int, model string, settings string
MATCH (r:Run {id: $id})
RETURN r.id AS id, r.as_of AS as_of, r.finished_at AS finished_at, r.posts AS posts,
       r.ties AS ties, r.clusters AS clusters, r.model AS model, r.settings AS settings
