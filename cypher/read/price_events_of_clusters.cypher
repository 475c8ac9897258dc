// Which price events lie near the posts of these clusters?
// params: ids list<string>
// returns: owner string, lead_minutes float, id string, ticker string, at int, kind string, z float, p_value float, abnormal_return float, volume_z float, explanation string
UNWIND $ids AS key
MATCH (c:Cluster {id: key})-[w:ALIGNED_WITH]->(e:PriceEvent)
RETURN key AS owner, w.lead_minutes AS lead_minutes, e.id AS id, e.ticker AS ticker, e.at AS at, e.kind AS kind, e.z AS z, e.p_value AS p_value,
       e.abnormal_return AS abnormal_return, e.volume_z AS volume_z, e.explanation AS explanation
ORDER BY owner, at, id
