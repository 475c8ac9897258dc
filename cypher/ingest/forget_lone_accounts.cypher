// Deletes a batch of accounts that have no post left and that nobody names.
// params: batch int
// returns: nothing
// writes: Account
MATCH (a:Account)
WHERE NOT EXISTS { MATCH (a)-[:POSTED]->(:Post) }
  AND NOT EXISTS { MATCH (:Post)-[:MENTIONS_ACCOUNT]->(a) }
WITH a LIMIT $batch
DETACH DELETE a
