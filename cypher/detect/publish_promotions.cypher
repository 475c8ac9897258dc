// Which stocks do a cluster's evidence posts name?
// rows: cluster_id string, ticker string, posts int, share float, first_at int, last_at int
// returns: nothing
// writes: PROMOTES
UNWIND $rows AS row
MATCH (c:Cluster {id: row.cluster_id})
MATCH (s:Stock {id: row.ticker})
MERGE (c)-[p:PROMOTES]->(s)
WITH p, row
WHERE p.posts IS NULL OR p.posts <> row.posts OR p.share <> row.share
   OR p.first_at <> row.first_at OR p.last_at <> row.last_at
SET p.posts = row.posts, p.share = row.share, p.first_at = row.first_at, p.last_at = row.last_at
