"""How the tests open Spark: two workers in this process's Java, several small partitions."""

from __future__ import annotations

import importlib.util
import shutil

import pytest

MISSING = (
    "pyspark is not installed"
    if importlib.util.find_spec("pyspark") is None
    else "Java is not installed"
    if shutil.which("java") is None
    else None
)
needs_spark = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")
SETTINGS = {
    "spark.master": "local[2]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # several partitions also where little is in them; little is compiled for so little
    "spark.sql.shuffle.partitions": "3",
    "spark.sql.adaptive.coalescePartitions.enabled": "false",
    "spark.sql.files.maxPartitionBytes": "16kb",
    "spark.sql.files.openCostInBytes": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
