// How many nodes are there, the schema's version aside?
// params: nothing
// returns: nodes int
MATCH (n)
WHERE NOT n:SchemaVersion
RETURN count(n) AS nodes
