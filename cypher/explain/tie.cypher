// Why are these two accounts tied? The tie and its shared acts, as lists of equal length.
// params: left string, right string
// returns: run_id string, left string, right string, traces list<string>, weight float, p_value float, q_value float, co_actions int, expected float, first_at int, last_at int, evidence_left list<string>, evidence_right list<string>, evidence_trace list<string>, evidence_object list<string>, evidence_window list<string>, evidence_seconds list<float>, by_value float, anytime_p float, synchrony_p float, part_trace list<string>, part_window list<string>, part_co_actions list<int>, part_expected list<float>, part_p list<float>
MATCH (x:Account {id: $left})-[t:COORDINATES_WITH]-(y:Account {id: $right})
WITH t, startNode(t) AS a, endNode(t) AS b
RETURN t.run_id AS run_id, a.id AS left, b.id AS right, t.traces AS traces, t.weight AS weight, t.p_value AS p_value,
       t.q_value AS q_value, t.co_actions AS co_actions, t.expected AS expected,
       t.first_at AS first_at, t.last_at AS last_at,
       t.evidence_left AS evidence_left, t.evidence_right AS evidence_right,
       t.evidence_trace AS evidence_trace, t.evidence_object AS evidence_object,
       t.evidence_window AS evidence_window, t.evidence_seconds AS evidence_seconds,
       t.by_value AS by_value, t.anytime_p AS anytime_p, t.synchrony_p AS synchrony_p,
       t.part_trace AS part_trace, t.part_window AS part_window,
       t.part_co_actions AS part_co_actions, t.part_expected AS part_expected, t.part_p AS part_p
