// Which schema version does this graph follow?
// params: nothing
// returns: version int
MATCH (v:SchemaVersion {id: 'graph'})
RETURN v.version AS version
