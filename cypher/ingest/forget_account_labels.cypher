// Takes away every label of this account.
// params: id string
// returns: nothing
// writes: Label
MATCH (l:Label {subject: $id})
WHERE l.kind = 'account'
DETACH DELETE l
