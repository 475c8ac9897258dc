// Which vectors of these texts did this model make already?
// params: ids list<string>, model string
// returns: id string, embedding list<float>
UNWIND $ids AS id
MATCH (t:Text {id: id})
WHERE t.model = $model
RETURN t.id AS id, t.embedding AS embedding
