// Which clusters come next, highest risk first? '' as the ticker means any; the first page starts after (101, '').
// params: run_id string, min_score int, ticker string, after_score int, after_id string, limit int
// returns: id string, size int, posts int, density float, weight float, traces list<string>, tickers list<string>, first_at int, last_at int, score int, probability float, band string, model string, factors string, benign string, coordination float, voices string, lineage_id string
MATCH (c:Cluster)
WHERE c.run_id = $run_id
  AND coalesce(c.score, 0) >= $min_score
  AND ($ticker = '' OR $ticker IN c.tickers)
  AND (coalesce(c.score, 0) < $after_score
       OR (coalesce(c.score, 0) = $after_score AND c.id > $after_id))
RETURN c.id AS id, c.size AS size, c.posts AS posts, c.density AS density, c.weight AS weight,
       c.traces AS traces, c.tickers AS tickers, c.first_at AS first_at, c.last_at AS last_at,
       c.score AS score, c.probability AS probability, c.band AS band, c.model AS model,
       c.factors AS factors, c.benign AS benign,
       c.coordination AS coordination, c.voices AS voices, c.lineage_id AS lineage_id
ORDER BY coalesce(score, 0) DESC, id
LIMIT $limit
