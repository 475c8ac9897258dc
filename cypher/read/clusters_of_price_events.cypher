// Which clusters of this run were posting about the stock around these price events, and how long before and after?
// params: ids list<string>, run_id string
// returns: owner string, value string, lead_minutes float, lag_minutes float
UNWIND $ids AS key
MATCH (e:PriceEvent {id: key})<-[w:ALIGNED_WITH]-(c:Cluster)
WHERE c.run_id = $run_id
RETURN key AS owner, c.id AS value, w.lead_minutes AS lead_minutes, w.lag_minutes AS lag_minutes
ORDER BY owner, lead_minutes DESC, value
