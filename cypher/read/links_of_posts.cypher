// Where do these posts point to?
// params: ids list<string>
// returns: owner string, value string
UNWIND $ids AS key
MATCH (p:Post {id: key})-[:LINKS_TO]->(l:Link)
RETURN key AS owner, l.id AS value
ORDER BY owner, value
