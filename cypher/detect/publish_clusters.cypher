// Which clusters did this run find? A cluster found again is brought up to date once a run.
// rows: id string, run_id string, as_of int, size int, posts int, density float, weight float, traces list<string>, tickers list<string>, first_at int, last_at int, score int, probability float, band string, model string, factors string, benign string, coordination float, voices string, lineage_id string
// returns: nothing
// writes: Cluster
UNWIND $rows AS row
MERGE (c:Cluster {id: row.id})
WITH c, row
WHERE c.run_id IS NULL OR c.run_id <> row.run_id
SET c.run_id = row.run_id,
    c.as_of = row.as_of,
    c.size = row.size,
    c.posts = row.posts,
    c.density = row.density,
    c.weight = row.weight,
    c.traces = row.traces,
    c.tickers = row.tickers,
    c.first_at = row.first_at,
    c.last_at = row.last_at,
    c.score = row.score,
    c.probability = row.probability,
    c.band = row.band,
    c.model = row.model,
    c.factors = row.factors,
    c.benign = row.benign,
    c.coordination = row.coordination,
    c.voices = row.voices,
    c.lineage_id = row.lineage_id
