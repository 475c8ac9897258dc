// Which stocks come next, highest risk first? The first page starts after (101, '').
// params: run_id string, after_score int, after_id string, limit int
// returns: id string, name string, priced_as string, score int
MATCH (r:StockRisk)
WHERE r.run_id = $run_id
  AND (r.score < $after_score OR (r.score = $after_score AND r.ticker > $after_id))
MATCH (s:Stock {id: r.ticker})
RETURN s.id AS id, s.name AS name, s.priced_as AS priced_as, r.score AS score
ORDER BY score DESC, id
LIMIT $limit
