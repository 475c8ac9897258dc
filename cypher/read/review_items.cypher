// What is on these lists of clusters to judge, in which order, and why?
// params: ids list<string>
// returns: owner string, place int, cluster_id string, subject string, part string, stratum string, probability float, score int, propensity float, says string
UNWIND $ids AS key
MATCH (i:ReviewItem {queue_id: key})
RETURN key AS owner, i.place AS place, i.cluster_id AS cluster_id, i.subject AS subject,
       i.part AS part, i.stratum AS stratum, i.probability AS probability, i.score AS score,
       i.propensity AS propensity, i.says AS says
ORDER BY owner, place
