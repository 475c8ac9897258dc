"""What a run has computed so far: tables of Parquet in its folder, and what is told of each.

A step reads what the steps before it wrote. So nothing is computed twice, a lost worker costs its
own task only, and memory holds what a task is at, not what is kept for later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from graph.errors import UsageError
from graph.store import Progress

BETWEEN = "between"  # the part of the folder that is emptied at the end


@dataclass(frozen=True, slots=True)
class Step:
    """What a step wrote: how many rows, and in how many partitions Spark reads them."""

    name: str
    rows: int
    partitions: int

    def __str__(self) -> str:
        return f"{self.name}: {self.rows:,} rows in {self.partitions:,} partitions"


@dataclass(slots=True)
class Work:
    """The tables of one run, under a folder that the driver and every worker can reach."""

    spark: SparkSession
    folder: str
    steps_to_come: int
    progress: Progress
    steps: list[Step] = field(default_factory=list)

    def keep(
        self, name: str, frame: DataFrame, place: str = "", **sums: Column
    ) -> tuple[DataFrame, dict[str, Any]]:
        """Computes `frame` now, into `place` of the folder. Returns it as it is read from there,
        with its rows, its partitions and what else is asked of it, a number each."""
        self.progress(name, len(self.steps), self.steps_to_come)
        path = f"{self.folder}/{place or f'{BETWEEN}/{len(self.steps):02}'}"
        frame.write.parquet(path)
        kept = self.spark.read.schema(frame.schema).parquet(path)
        asked = {"rows": F.count("*"), "partitions": F.size(F.collect_set("_partition")), **sums}
        rows = kept.withColumn("_partition", F.spark_partition_id())
        said = rows.agg(*(one.alias(key) for key, one in asked.items())).collect()[0].asDict()
        self.steps.append(Step(name, said["rows"], said["partitions"]))
        self.progress(str(self.steps[-1]), len(self.steps), self.steps_to_come)
        return kept, said

    def refuse_what_is_there(self) -> None:
        """Raises UsageError where the folder is there: what is in it is somebody's."""
        files, path = self._files(self.folder)
        if files.exists(path):
            raise UsageError(f"{self.folder} is there already; name a folder that is not")

    def clean(self) -> None:
        """Deletes what lies between; the tables that were asked for stay."""
        files, path = self._files(f"{self.folder}/{BETWEEN}")
        files.delete(path, True)

    def _files(self, path: str) -> tuple[Any, Any]:
        """The file system of a path, whichever it is, and the path as it knows it."""
        context: Any = self.spark.sparkContext
        there = context._jvm.org.apache.hadoop.fs.Path(path)
        return there.getFileSystem(context._jsc.hadoopConfiguration()), there
