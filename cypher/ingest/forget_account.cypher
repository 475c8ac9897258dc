// Deletes this account, unless somebody else's post names it.
// params: id string
// returns: nothing
// writes: Account
MATCH (a:Account {id: $id})
WHERE NOT EXISTS { MATCH (:Post)-[:MENTIONS_ACCOUNT]->(a) }
DETACH DELETE a
