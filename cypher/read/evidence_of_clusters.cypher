// Which posts show each of these clusters, earliest first? At most $most each.
// params: ids list<string>, most int
// returns: owner string, id string, account_id string, at int, text string, lang string, client string, hashtags list<string>
UNWIND $ids AS key
MATCH (c:Cluster {id: key})-[:EVIDENCED_BY]->(p:Post)
WITH key, p ORDER BY p.at, p.id
WITH key, collect(p)[0..$most] AS kept
UNWIND kept AS p
RETURN key AS owner, p.id AS id, p.account_id AS account_id, p.at AS at, p.text AS text, p.lang AS lang,
       p.client AS client, p.hashtags AS hashtags
ORDER BY owner, at, id
