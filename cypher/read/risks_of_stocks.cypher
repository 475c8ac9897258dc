// How risky are these stocks, by this run, and why?
// params: run_id string, ids list<string>
// returns: owner string, score int, probability float, band string, model string, factors string
UNWIND $ids AS key
MATCH (r:StockRisk {id: $run_id + '|' + key})
RETURN key AS owner, r.score AS score, r.probability AS probability, r.band AS band,
       r.model AS model, r.factors AS factors
