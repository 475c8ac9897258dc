// Who belongs to these clusters, and in which role? Strongest first.
// params: ids list<string>, most int
// returns: owner string, account_id string, role string, strength float
UNWIND $ids AS key
MATCH (c:Cluster {id: key})<-[m:MEMBER_OF]-(a:Account)
WITH key, m, a ORDER BY m.strength DESC, a.id
WITH key, collect({id: a.id, role: m.role, strength: m.strength})[0..$most] AS kept
UNWIND kept AS member
RETURN key AS owner, member.id AS account_id, member.role AS role, member.strength AS strength
ORDER BY owner, strength DESC, account_id
