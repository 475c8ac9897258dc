// Which stocks that this run did not score come next, by ticker?
// params: run_id string, after string, limit int
// returns: id string, name string
MATCH (s:Stock)
WHERE s.id > $after
  AND NOT EXISTS { MATCH (r:StockRisk {id: $run_id + '|' + s.id}) }
RETURN s.id AS id, s.name AS name
ORDER BY id
LIMIT $limit
