// Which lists of clusters to judge were drawn? One that is there already is not changed.
// rows: id string, run_id string, as_of int, drawn_at int, number int, size int, unknown int, known int, known_promotions int
// returns: nothing
// writes: ReviewQueue
UNWIND $rows AS row
MERGE (q:ReviewQueue {id: row.id})
ON CREATE SET q.run_id = row.run_id,
              q.as_of = row.as_of,
              q.drawn_at = row.drawn_at,
              q.number = row.number,
              q.size = row.size,
              q.unknown = row.unknown,
              q.known = row.known,
              q.known_promotions = row.known_promotions
