// What was said of accounts, clusters and stock-days? A label that is there already is not changed.
// rows: id string, kind string, subject string, verdict string, tier string, confidence float, provenance string, known_at int, recorded_at int, reason string, through string
// returns: nothing
// writes: Label
UNWIND $rows AS row
MERGE (l:Label {id: row.id})
ON CREATE SET l.kind = row.kind,
              l.subject = row.subject,
              l.verdict = row.verdict,
              l.tier = row.tier,
              l.confidence = row.confidence,
              l.provenance = row.provenance,
              l.known_at = row.known_at,
              l.recorded_at = row.recorded_at,
              l.reason = row.reason,
              l.through = row.through
