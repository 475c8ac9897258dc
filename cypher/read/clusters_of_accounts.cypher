// Which clusters of this run do these accounts belong to?
// params: run_id string, ids list<string>
// returns: owner string, value string
UNWIND $ids AS key
MATCH (a:Account {id: key})-[:MEMBER_OF]->(c:Cluster)
WHERE c.run_id = $run_id
RETURN key AS owner, c.id AS value
ORDER BY owner, c.score DESC, value
