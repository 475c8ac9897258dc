// Which clusters of this run name these stocks? Highest risk first.
// params: run_id string, ids list<string>
// returns: owner string, value string
UNWIND $ids AS key
MATCH (s:Stock {id: key})<-[:PROMOTES]-(c:Cluster)
WHERE c.run_id = $run_id
RETURN key AS owner, c.id AS value
ORDER BY owner, c.score DESC, value
