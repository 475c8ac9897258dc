// Which posts are known by id only, because another one answers, quotes or repeats them? They have no `at`.
// rows: id string
// returns: nothing
// writes: Post
UNWIND $rows AS row
MERGE (:Post {id: row.id})
