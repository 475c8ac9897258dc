// Which stocks was an article taken to name that it does not, now that more companies are known?
// rows: id string, keep list<string>
// returns: nothing
// writes: ABOUT
UNWIND $rows AS row
MATCH (n:News {id: row.id})-[a:ABOUT]->(s:Stock)
WHERE NOT s.id IN row.keep
DELETE a
