"""What the service counts and times, in process and through OpenTelemetry's SDK."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, MetricsData
from opentelemetry.sdk.metrics.export import NumberDataPoint as Number

from functions.watch import watch
from gradesys.errors import TemporaryError
from gradesys.live.handling import receive
from gradesys.metrics import EVENT_TO_STORED, Metrics
from gradesys.records import Event
from gradesys.telemetry import OtelSink, open_sink
from tests.engine.world import context_of, small_org, target, work
from tests.functions.test_triggers import MemoryApp
from tests.health.listening import listening

EVENT = Event("Update", "account", "a1", "org", changed=frozenset({"statecode"}))


def test_times_tell_how_many_how_long_and_the_slowest() -> None:
    metrics = Metrics()
    for seconds in [0.2] * 98 + [4.0, 7.5]:
        metrics.record(EVENT_TO_STORED, seconds)
    assert metrics.times() == {
        EVENT_TO_STORED: {"count": 100, "sum_s": 31.1, "max_s": 7.5, "p95_s": 0.25, "p99_s": 5}
    }


def test_no_time_runs_backwards() -> None:
    metrics = Metrics()
    metrics.record(EVENT_TO_STORED, -3.0)
    assert metrics.times()[EVENT_TO_STORED]["max_s"] == 0


def test_an_event_is_timed_from_its_mark_to_its_score(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    receive(context, EVENT)
    org.clock.forward(4)
    work(context, rounds=1)
    assert context.metrics.counts() == {"marks": 1, "handled": 1}
    assert context.metrics.times()[EVENT_TO_STORED]["max_s"] == 4


def test_retries_count_and_the_time_runs_on(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)

    def refuse_once(call: str) -> None:
        org.before = lambda call: None
        raise TemporaryError("busy")

    org.before = refuse_once
    context.marks.mark([target()])
    work(context, rounds=1)
    org.clock.forward(30)
    work(context, rounds=1)
    assert context.metrics.counts() == {"retries": 1, "handled": 1}
    assert context.metrics.times()[EVENT_TO_STORED]["max_s"] == 30


def points(data: MetricsData | None) -> dict[str, object]:
    """By the instrument's name, its only point."""
    assert data is not None
    return {
        metric.name: metric.data.data_points[0]
        for each in data.resource_metrics
        for scope in each.scope_metrics
        for metric in scope.metrics
    }


def test_opentelemetry_hears_what_is_counted_and_timed() -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    metrics = Metrics(OtelSink(provider))
    metrics.count("marks", 2)
    metrics.count("marks")
    metrics.record(EVENT_TO_STORED, 0.4)
    found = points(reader.get_metrics_data())
    provider.shutdown()
    counter, times = found["gradesys.marks"], found["gradesys.event_to_stored"]
    assert isinstance(counter, Number)
    assert isinstance(times, HistogramDataPoint)
    assert (counter.value, times.count, times.sum) == (3, 1, 0.4)
    assert times.explicit_bounds[:3] == (0.1, 0.25, 0.5)


def test_opentelemetry_hears_how_much_waits_and_how_exact_it_was(tmp_path: Path) -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    app = MemoryApp(tmp_path, small_org())
    app.metrics = Metrics(OtelSink(provider))
    app.marks.mark([target()])
    app.marks.park(target("a2"), "", "refused")
    value = {"at": "2026-06-15T00:10:00+00:00", "drift": 0.25}
    app.ledger.put_if("finished/customers", value, 0)
    watch(app)
    found = points(reader.get_metrics_data())
    provider.shutdown()
    levels = {name: found[f"gradesys.{name}"] for name in ("dirty", "parked", "drift")}
    assert {name: getattr(point, "value", None) for name, point in levels.items()} == {
        "dirty": 1,
        "parked": 1,
        "drift": 0.25,
    }


@pytest.mark.parametrize("environment", [{}, {"OTEL_SERVICE_NAME": "grades"}])
def test_without_an_endpoint_there_is_nobody_to_tell(environment: dict[str, str]) -> None:
    assert open_sink(environment) is None


def test_without_an_endpoint_nothing_of_opentelemetry_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from gradesys.app import App;"
        "from gradesys.settings import Settings; App(Settings(work=Path(sys.argv[1])));"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "work.sqlite")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_collector_gets_what_was_counted_by_the_standard_variables(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from gradesys.app import App;"
        "from gradesys.settings import Settings; app = App(Settings(work=Path(sys.argv[1])));"
        "app.metrics.count('events', 3)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "work.sqlite")]
    with listening(200) as (url, posted):
        environment = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_SERVICE_NAME": "g1"}
        subprocess.run(command, env=environment, check=True)
    assert [post.path for post in posted] == ["/v1/metrics"]
    assert b"gradesys.events" in posted[0].body
    assert b"g1" in posted[0].body
