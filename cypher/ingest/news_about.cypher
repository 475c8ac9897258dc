// Which stocks does each article name, and how? Stocks that are not in the graph are left out.
// rows: id string, ticker string, how string
// returns: nothing
// writes: ABOUT
UNWIND $rows AS row
MATCH (n:News {id: row.id})
MATCH (s:Stock {id: row.ticker})
MERGE (n)-[a:ABOUT]->(s)
WITH a, row
WHERE a.how IS NULL OR a.how <> row.how
SET a.how = row.how
