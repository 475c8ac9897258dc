// What does the graph hold, node by node? For small graphs: it reads everything.
// params: nothing
// returns: label string, id string, properties map
MATCH (n)
WHERE NOT n:SchemaVersion
RETURN labels(n)[0] AS label, n.id AS id, properties(n) AS properties
ORDER BY label, id
