// Deletes a batch of the ties that rest on posts of this time span; the next run finds what is left.
// params: since int, until int, batch int
// returns: nothing
// writes: COORDINATES_WITH
MATCH (:Account)-[t:COORDINATES_WITH]->(:Account)
WHERE t.first_at < $until AND t.last_at >= $since
WITH t LIMIT $batch
DELETE t
