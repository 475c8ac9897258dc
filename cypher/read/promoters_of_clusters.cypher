// Which members of these clusters name which promoted stock in the evidence posts?
// params: ids list<string>
// returns: owner string, account_id string, ticker string, posts int
UNWIND $ids AS key
MATCH (c:Cluster {id: key})-[:EVIDENCED_BY]->(p:Post)
MATCH (p)-[:MENTIONS]->(s:Stock)
WHERE EXISTS { MATCH (c)-[:PROMOTES]->(s) }
RETURN key AS owner, p.account_id AS account_id, s.id AS ticker, count(p) AS posts
ORDER BY owner, account_id, ticker
