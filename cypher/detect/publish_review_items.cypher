// What is on the lists of clusters to judge, and how likely was chance to take it?
// rows: id string, queue_id string, place int, cluster_id string, subject string, part string, stratum string, probability float, score int, propensity float, says string
// returns: nothing
// writes: ReviewItem
UNWIND $rows AS row
MERGE (i:ReviewItem {id: row.id})
ON CREATE SET i.queue_id = row.queue_id,
              i.place = row.place,
              i.cluster_id = row.cluster_id,
              i.subject = row.subject,
              i.part = row.part,
              i.stratum = row.stratum,
              i.probability = row.probability,
              i.score = row.score,
              i.propensity = row.propensity,
              i.says = row.says
