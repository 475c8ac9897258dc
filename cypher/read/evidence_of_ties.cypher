// Which shared acts does each of these ties rest on, and what does each trace say? Lists of equal length.
// params: run_id string, pairs list<list<string>>
// returns: left string, right string, evidence_left list<string>, evidence_right list<string>, evidence_trace list<string>, evidence_object list<string>, evidence_window list<string>, evidence_seconds list<float>, by_value float, anytime_p float, synchrony_p float, part_trace list<string>, part_window list<string>, part_co_actions list<int>, part_expected list<float>, part_p list<float>
UNWIND $pairs AS pair
MATCH (a:Account {id: pair[0]})-[t:COORDINATES_WITH]->(b:Account {id: pair[1]})
WHERE t.run_id = $run_id
RETURN a.id AS left, b.id AS right, t.evidence_left AS evidence_left,
       t.evidence_right AS evidence_right, t.evidence_trace AS evidence_trace,
       t.evidence_object AS evidence_object, t.evidence_window AS evidence_window,
       t.evidence_seconds AS evidence_seconds,
       t.by_value AS by_value, t.anytime_p AS anytime_p, t.synchrony_p AS synchrony_p,
       t.part_trace AS part_trace, t.part_window AS part_window,
       t.part_co_actions AS part_co_actions, t.part_expected AS part_expected, t.part_p AS part_p
