// What of a stock does its own past not explain? An event whose figures were corrected is replaced.
// rows: id string, ticker string, at int, known_at int, kind string, z float, p_value float, abnormal_return float, volume_z float, explanation string, severity string, window string, bars_used int, begins_at int, circuit string, halted int, split_ratio float
// returns: nothing
// writes: PriceEvent
UNWIND $rows AS row
MERGE (e:PriceEvent {id: row.id})
WITH e, row
WHERE e.z IS NULL OR e.z <> row.z OR e.explanation <> row.explanation OR e.known_at <> row.known_at
   OR coalesce(e.abnormal_return, 0.0) <> coalesce(row.abnormal_return, 0.0)
   OR coalesce(e.volume_z, 0.0) <> coalesce(row.volume_z, 0.0)
   OR coalesce(e.severity, '') <> coalesce(row.severity, '')
   OR coalesce(e.window, '') <> coalesce(row.window, '')
   OR coalesce(e.bars_used, -1) <> coalesce(row.bars_used, -1)
   OR coalesce(e.begins_at, -1) <> coalesce(row.begins_at, -1)
   OR coalesce(e.circuit, '') <> coalesce(row.circuit, '')
   OR coalesce(e.halted, -1) <> coalesce(row.halted, -1)
   OR coalesce(e.split_ratio, 0.0) <> coalesce(row.split_ratio, 0.0)
SET e.ticker = row.ticker,
    e.at = row.at,
    e.known_at = row.known_at,
    e.kind = row.kind,
    e.z = row.z,
    e.p_value = row.p_value,
    e.abnormal_return = row.abnormal_return,
    e.volume_z = row.volume_z,
    e.explanation = row.explanation,
    e.severity = row.severity,
    e.window = row.window,
    e.bars_used = row.bars_used,
    e.begins_at = row.begins_at,
    e.circuit = row.circuit,
    e.halted = row.halted,
    e.split_ratio = row.split_ratio
