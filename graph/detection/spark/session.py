"""A session of Spark, or one sentence that says what it lacks."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graph.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

NO_PYSPARK = "Spark is not installed here: pip install 'sentinelmarket[spark]'"
NO_JAVA = "Spark does not start: it needs Java 17 or later on the PATH, or named by JAVA_HOME"


def session(
    name: str = "sentinelmarket", settings: Mapping[str, str] | None = None
) -> SparkSession:
    """The running session, or a new one by `settings` and by what spark-submit was told.

    Where Spark runs inside this process, its workers use this Python. Raises UsageError.
    """
    try:
        with quiet():
            from pyspark.errors import PySparkRuntimeError
            from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError(NO_PYSPARK) from None
    builder = SparkSession.builder.appName(name)
    for key, value in (settings or {}).items():
        builder = builder.config(key, value)
    try:
        spark = builder.getOrCreate()
    except (PySparkRuntimeError, OSError):
        raise UsageError(NO_JAVA) from None
    if str(spark.sparkContext.master).startswith("local"):
        spark.sparkContext.pythonExec = sys.executable
    return spark


@contextmanager
def quiet() -> Iterator[None]:
    """Spark warns of a pandas newer than it knows, of which nothing here makes a frame."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        yield
