// What does the graph hold, edge by edge? For small graphs: it reads everything.
// params: nothing
// returns: type string, start string, stop string, properties map
MATCH (a)-[e]->(b)
RETURN type(e) AS type, a.id AS start, b.id AS stop, properties(e) AS properties
ORDER BY type, start, stop
