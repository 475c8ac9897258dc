// Whom are these accounts tied to, by this run? Heaviest first, at most $most each.
// params: run_id string, ids list<string>, most int
// returns: owner string, left string, right string, traces list<string>, weight float, p_value float, q_value float, co_actions int, expected float, first_at int, last_at int
UNWIND $ids AS key
MATCH (x:Account {id: key})-[t:COORDINATES_WITH]-(y:Account)
WHERE t.run_id = $run_id
WITH key, t, startNode(t) AS a, endNode(t) AS b
ORDER BY t.weight DESC, a.id, b.id
WITH key, collect({a: a, t: t, b: b})[0..$most] AS kept
UNWIND kept AS row
WITH key, row.a AS a, row.t AS t, row.b AS b
RETURN key AS owner, a.id AS left, b.id AS right, t.traces AS traces, t.weight AS weight, t.p_value AS p_value,
       t.q_value AS q_value, t.co_actions AS co_actions, t.expected AS expected,
       t.first_at AS first_at, t.last_at AS last_at
ORDER BY owner, weight DESC, left, right
