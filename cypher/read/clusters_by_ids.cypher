// What does this run know about these clusters?
// params: run_id string, ids list<string>
// returns: id string, size int, posts int, density float, weight float, traces list<string>, tickers list<string>, first_at int, last_at int, score int, probability float, band string, model string, factors string, benign string, coordination float, voices string, lineage_id string
UNWIND $ids AS key
MATCH (c:Cluster {id: key})
WHERE c.run_id = $run_id
RETURN c.id AS id, c.size AS size, c.posts AS posts, c.density AS density, c.weight AS weight,
       c.traces AS traces, c.tickers AS tickers, c.first_at AS first_at, c.last_at AS last_at,
       c.score AS score, c.probability AS probability, c.band AS band, c.model AS model,
       c.factors AS factors, c.benign AS benign,
       c.coordination AS coordination, c.voices AS voices, c.lineage_id AS lineage_id
