// Which ties hold this cluster together, with their shared acts? Heaviest first, at most $most.
// params: id string, run_id string, most int
// returns: left string, right string, traces list<string>, weight float, p_value float, q_value float, co_actions int, expected float, evidence_left list<string>, evidence_right list<string>, evidence_trace list<string>, evidence_object list<string>, evidence_window list<string>, evidence_seconds list<float>
MATCH (c:Cluster {id: $id})<-[:MEMBER_OF]-(a:Account)
MATCH (a)-[t:COORDINATES_WITH]->(b:Account)
WHERE t.run_id = $run_id AND EXISTS { MATCH (b)-[:MEMBER_OF]->(c) }
RETURN a.id AS left, b.id AS right, t.traces AS traces, t.weight AS weight,
       t.p_value AS p_value, t.q_value AS q_value, t.co_actions AS co_actions,
       t.expected AS expected,
       t.evidence_left AS evidence_left, t.evidence_right AS evidence_right,
       t.evidence_trace AS evidence_trace, t.evidence_object AS evidence_object,
       t.evidence_window AS evidence_window, t.evidence_seconds AS evidence_seconds
ORDER BY weight DESC, left, right
LIMIT $most
