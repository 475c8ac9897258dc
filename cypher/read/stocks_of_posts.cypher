// Which stocks do these posts name?
// params: ids list<string>
// returns: owner string, value string
UNWIND $ids AS key
MATCH (p:Post {id: key})-[:MENTIONS]->(s:Stock)
RETURN key AS owner, s.id AS value
ORDER BY owner, value
