// What ties the accounts of these clusters to one another, with everything that was kept of it?
// params: run_id string, ids list<string>
// returns: owner string, left string, right string, traces list<string>, weight float, p_value float, q_value float, co_actions int, expected float, first_at int, last_at int, evidence_left list<string>, evidence_right list<string>, evidence_trace list<string>, evidence_object list<string>, evidence_window list<string>, evidence_seconds list<float>, by_value float, anytime_p float, synchrony_p float, part_trace list<string>, part_window list<string>, part_co_actions list<int>, part_expected list<float>, part_p list<float>
UNWIND $ids AS key
MATCH (c:Cluster {id: key})<-[:MEMBER_OF]-(a:Account)
MATCH (a)-[t:COORDINATES_WITH]->(b:Account)
WHERE t.run_id = $run_id AND EXISTS { MATCH (b)-[:MEMBER_OF]->(c) }
RETURN key AS owner, a.id AS left, b.id AS right, t.traces AS traces, t.weight AS weight,
       t.p_value AS p_value, t.q_value AS q_value, t.co_actions AS co_actions,
       t.expected AS expected, t.first_at AS first_at, t.last_at AS last_at,
       t.evidence_left AS evidence_left, t.evidence_right AS evidence_right,
       t.evidence_trace AS evidence_trace, t.evidence_object AS evidence_object,
       t.evidence_window AS evidence_window, t.evidence_seconds AS evidence_seconds,
       t.by_value AS by_value, t.anytime_p AS anytime_p, t.synchrony_p AS synchrony_p,
       t.part_trace AS part_trace, t.part_window AS part_window,
       t.part_co_actions AS part_co_actions, t.part_expected AS part_expected, t.part_p AS part_p
ORDER BY owner, left, right
