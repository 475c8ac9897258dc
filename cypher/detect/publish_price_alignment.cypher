// Which price events of promoted stocks lie near a cluster's posts, how long after the first and before the last?
// rows: cluster_id string, event_id string, lead_minutes float, lag_minutes float
// returns: nothing
// writes: ALIGNED_WITH
UNWIND $rows AS row
MATCH (e:PriceEvent {id: row.event_id})
MATCH (c:Cluster {id: row.cluster_id})
MERGE (e)<-[a:ALIGNED_WITH]-(c)
WITH a, row
WHERE a.lead_minutes IS NULL OR a.lead_minutes <> row.lead_minutes
   OR coalesce(a.lag_minutes, 0.5) <> coalesce(row.lag_minutes, 0.5)
SET a.lead_minutes = row.lead_minutes,
    a.lag_minutes = row.lag_minutes
