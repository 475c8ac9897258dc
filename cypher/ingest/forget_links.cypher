// Deletes a batch of links that no post points to any more.
// params: batch int
// returns: nothing
// writes: Link
MATCH (l:Link)
WHERE NOT EXISTS { MATCH (:Post)-[:LINKS_TO]->(l) }
WITH l LIMIT $batch
DETACH DELETE l
