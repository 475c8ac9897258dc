// Deletes the ties and memberships of this account.
// params: id string
// returns: nothing
// writes: COORDINATES_WITH, MEMBER_OF
MATCH (a:Account {id: $id})
MATCH (a)-[r:COORDINATES_WITH|MEMBER_OF]-()
WITH DISTINCT r
DELETE r
