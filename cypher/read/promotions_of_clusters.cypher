// Which stocks do the evidence posts of these clusters name? Most named first.
// params: ids list<string>
// returns: owner string, ticker string, posts int, share float, first_at int, last_at int
UNWIND $ids AS key
MATCH (c:Cluster {id: key})-[p:PROMOTES]->(s:Stock)
RETURN key AS owner, s.id AS ticker, p.posts AS posts, p.share AS share,
       p.first_at AS first_at, p.last_at AS last_at
ORDER BY owner, posts DESC, ticker
