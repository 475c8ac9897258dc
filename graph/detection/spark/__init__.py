"""The engine on Spark, for posts that do not fit one machine.

The same definitions as `ties.tables`, row by row: what counts acts, episodes and pairs is Spark's
SQL, what decides is the same numba code as in the local engine, called where the rows lie. No act,
pair or tie goes to the driver; numbers do, a few a step.

`session.session()` opens Spark, or says what is missing. `engine.tables_on_spark` is the way in.
docs/spark.md says what it needs and what it leaves out.
"""
