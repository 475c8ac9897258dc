// Which stocks that this run did not score come next, by ticker?
// params: run_id string, after string, limit int
// returns: id string, name string, priced_as string
MATCH (s:Stock)
WHERE s.id > $after
  AND NOT EXISTS { MATCH (r:StockRisk {id: $run_id + '|' + s.id}) }
RETURN s.id AS id, s.name AS name, s.priced_as AS priced_as
ORDER BY id
LIMIT $limit
