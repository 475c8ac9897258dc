// Which pass of detection and scoring is finished? Written last, so that readers never see half of one.
// rows: id string, as_of int, finished_at int, posts int, ties int, clusters int, model string, settings string
// returns: nothing
// writes: Run
UNWIND $rows AS row
MERGE (r:Run {id: row.id})
ON CREATE SET r.as_of = row.as_of,
              r.finished_at = row.finished_at,
              r.posts = row.posts,
              r.ties = row.ties,
              r.clusters = row.clusters,
              r.model = row.model,
              r.settings = row.settings
