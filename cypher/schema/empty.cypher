// Deletes up to so many nodes with their edges, all but the schema's version: for tests.
// params: limit int
// returns: nothing
// writes: everything
MATCH (n)
WHERE NOT n:SchemaVersion
WITH n LIMIT $limit
DETACH DELETE n
