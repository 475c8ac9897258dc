// Takes this account out of every lineage, as it is and as it was before.
// params: id string
// returns: nothing
// writes: Lineage
MATCH (l:Lineage)
WHERE $id IN l.members OR $id IN coalesce(l.earlier_members, [])
SET l.members = [m IN l.members WHERE m <> $id],
    l.earlier_members = [m IN l.earlier_members WHERE m <> $id]
