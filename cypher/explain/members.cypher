// Who belongs to this cluster, in which role? Strongest first.
// params: id string
// returns: account_id string, handle string, role string, strength float, created_at int, followers int, posts_count int
MATCH (c:Cluster {id: $id})<-[m:MEMBER_OF]-(a:Account)
RETURN a.id AS account_id, a.handle AS handle, m.role AS role, m.strength AS strength,
       a.created_at AS created_at, a.followers AS followers, a.posts_count AS posts_count
ORDER BY strength DESC, account_id
