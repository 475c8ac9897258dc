// Which stock-days does a stock's own past not explain? One whose figures were corrected is replaced.
// rows: id string, ticker string, at int, known_at int, kind string, z float, p_value float, abnormal_return float, volume_z float, explanation string
// returns: nothing
// writes: PriceEvent
UNWIND $rows AS row
MERGE (e:PriceEvent {id: row.id})
WITH e, row
WHERE e.z IS NULL OR e.z <> row.z OR e.explanation <> row.explanation OR e.known_at <> row.known_at
   OR coalesce(e.abnormal_return, 0.0) <> coalesce(row.abnormal_return, 0.0)
   OR coalesce(e.volume_z, 0.0) <> coalesce(row.volume_z, 0.0)
SET e.ticker = row.ticker,
    e.at = row.at,
    e.known_at = row.known_at,
    e.kind = row.kind,
    e.z = row.z,
    e.p_value = row.p_value,
    e.abnormal_return = row.abnormal_return,
    e.volume_z = row.volume_z,
    e.explanation = row.explanation
