// Which posts show this cluster: who wrote what when, in which role, naming which stocks?
// params: id string
// returns: at int, account_id string, role string, post_id string, text string, stocks list<string>
MATCH (c:Cluster {id: $id})-[:EVIDENCED_BY]->(p:Post)
OPTIONAL MATCH (a:Account {id: p.account_id})-[m:MEMBER_OF]->(c)
OPTIONAL MATCH (p)-[:MENTIONS]->(s:Stock)
WITH p, m, s ORDER BY s.id
RETURN p.at AS at, p.account_id AS account_id, m.role AS role, p.id AS post_id, p.text AS text,
       collect(s.id) AS stocks
ORDER BY at, post_id
