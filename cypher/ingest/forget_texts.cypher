// Deletes those of these embedded texts that no post has any more.
// rows: id string
// returns: nothing
// writes: Text
UNWIND $rows AS row
MATCH (t:Text {id: row.id})
OPTIONAL MATCH (p:Post {text_id: row.id})
WITH t, count(p) AS posts
WHERE posts = 0
DETACH DELETE t
