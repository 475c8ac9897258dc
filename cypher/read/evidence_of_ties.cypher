// Which shared acts does each of these ties rest on? Lists of equal length.
// params: run_id string, pairs list<list<string>>
// returns: left string, right string, evidence_left list<string>, evidence_right list<string>, evidence_trace list<string>, evidence_object list<string>, evidence_window list<string>, evidence_seconds list<float>
UNWIND $pairs AS pair
MATCH (a:Account {id: pair[0]})-[t:COORDINATES_WITH]->(b:Account {id: pair[1]})
WHERE t.run_id = $run_id
RETURN a.id AS left, b.id AS right, t.evidence_left AS evidence_left,
       t.evidence_right AS evidence_right, t.evidence_trace AS evidence_trace,
       t.evidence_object AS evidence_object, t.evidence_window AS evidence_window,
       t.evidence_seconds AS evidence_seconds
