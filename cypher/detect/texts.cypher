// Which texts have a vector now that had none?
// rows: id string, model string, embedding list<float>
// returns: nothing
// writes: Text
UNWIND $rows AS row
MERGE (t:Text {id: row.id})
ON CREATE SET t.model = row.model, t.embedding = row.embedding
