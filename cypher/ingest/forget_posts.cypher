// Deletes these posts, with everything that hangs on them.
// rows: id string
// returns: nothing
// writes: Post
UNWIND $rows AS row
MATCH (p:Post {id: row.id})
DETACH DELETE p
