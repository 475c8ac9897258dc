// What happened to each of these lineages, or to another that has to do with it? Oldest first, at most $most each.
// params: ids list<string>, most int
// returns: owner string, id string, run_id string, at int, recorded_at int, kind string, lineage_id string, cluster_id string, other string, size int, joined int, gone int, says string
UNWIND $ids AS key
MATCH (e:LineageEvent)
WHERE e.lineage_id = key OR e.other = key
WITH key, e ORDER BY e.at DESC, e.recorded_at DESC, e.id DESC
WITH key, collect(e)[0..$most] AS kept
UNWIND kept AS e
RETURN key AS owner, e.id AS id, e.run_id AS run_id, e.at AS at,
       e.recorded_at AS recorded_at, e.kind AS kind,
       e.lineage_id AS lineage_id, e.cluster_id AS cluster_id, e.other AS other, e.size AS size,
       e.joined AS joined, e.gone AS gone, e.says AS says
ORDER BY owner, at, recorded_at, id
