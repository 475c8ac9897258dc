// Records the schema version that this graph follows from now on.
// params: version int
// returns: nothing
// writes: SchemaVersion
MERGE (v:SchemaVersion {id: 'graph'})
SET v.version = $version
