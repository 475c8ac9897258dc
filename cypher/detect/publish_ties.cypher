// Which accounts does this run tie together? One edge a pair, replaced by each run that finds it.
// rows: left string, right string, run_id string, traces list<string>, weight float, p_value float, q_value float, co_actions int, expected float, first_at int, last_at int, evidence_left list<string>, evidence_right list<string>, evidence_trace list<string>, evidence_object list<string>, evidence_window list<string>, evidence_seconds list<float>, by_value float, anytime_p float, synchrony_p float, part_trace list<string>, part_window list<string>, part_co_actions list<int>, part_expected list<float>, part_p list<float>
// returns: nothing
// writes: COORDINATES_WITH
UNWIND $rows AS row
MATCH (a:Account {id: row.left})
MATCH (b:Account {id: row.right})
MERGE (a)-[t:COORDINATES_WITH]->(b)
WITH t, row
WHERE t.run_id IS NULL OR t.run_id <> row.run_id
SET t.run_id = row.run_id,
    t.traces = row.traces,
    t.weight = row.weight,
    t.p_value = row.p_value,
    t.q_value = row.q_value,
    t.co_actions = row.co_actions,
    t.expected = row.expected,
    t.first_at = row.first_at,
    t.last_at = row.last_at,
    t.evidence_left = row.evidence_left,
    t.evidence_right = row.evidence_right,
    t.evidence_trace = row.evidence_trace,
    t.evidence_object = row.evidence_object,
    t.evidence_window = row.evidence_window,
    t.evidence_seconds = row.evidence_seconds,
    t.by_value = row.by_value,
    t.anytime_p = row.anytime_p,
    t.synchrony_p = row.synchrony_p,
    t.part_trace = row.part_trace,
    t.part_window = row.part_window,
    t.part_co_actions = row.part_co_actions,
    t.part_expected = row.part_expected,
    t.part_p = row.part_p
