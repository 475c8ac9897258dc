// What happened to which lineage in this run? To go on unchanged is no event.
// rows: id string, run_id string, at int, recorded_at int, kind string, lineage_id string, cluster_id string, other string, size int, joined int, gone int, says string
// returns: nothing
// writes: LineageEvent
UNWIND $rows AS row
MERGE (e:LineageEvent {id: row.id})
ON CREATE SET e.run_id = row.run_id,
              e.at = row.at,
              e.recorded_at = row.recorded_at,
              e.kind = row.kind,
              e.lineage_id = row.lineage_id,
              e.cluster_id = row.cluster_id,
              e.other = row.other,
              e.size = row.size,
              e.joined = row.joined,
              e.gone = row.gone,
              e.says = row.says
