// Which lists of clusters to judge had been drawn then, newest first?
// params: as_of int
// returns: id string, run_id string, as_of int, drawn_at int, number int, size int, unknown int, known int, known_promotions int
MATCH (q:ReviewQueue)
WHERE q.drawn_at <= $as_of
RETURN q.id AS id, q.run_id AS run_id, q.as_of AS as_of, q.drawn_at AS drawn_at,
       q.number AS number, q.size AS size, q.unknown AS unknown, q.known AS known,
       q.known_promotions AS known_promotions
ORDER BY drawn_at DESC, id
