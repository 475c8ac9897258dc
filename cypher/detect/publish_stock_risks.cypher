// How risky is each stock, by this run?
// rows: id string, run_id string, ticker string, as_of int, score int, probability float, band string, model string, factors string
// returns: nothing
// writes: StockRisk
UNWIND $rows AS row
MERGE (r:StockRisk {id: row.id})
ON CREATE SET r.run_id = row.run_id,
              r.ticker = row.ticker,
              r.as_of = row.as_of,
              r.score = row.score,
              r.probability = row.probability,
              r.band = row.band,
              r.model = row.model,
              r.factors = row.factors
