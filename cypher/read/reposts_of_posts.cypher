// Which posts do these posts repeat?
// params: ids list<string>
// returns: owner string, value string
UNWIND $ids AS key
MATCH (p:Post {id: key})-[:REPOSTS]->(o:Post)
RETURN key AS owner, o.id AS value
ORDER BY owner, value
