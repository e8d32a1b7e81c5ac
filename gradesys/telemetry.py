"""Metrics through OpenTelemetry, for whoever has the extra ``gradesys[otel]`` and a collector.

The SDK reads its own variables (``OTEL_EXPORTER_OTLP_ENDPOINT``, ``OTEL_SERVICE_NAME``, …). Without
an endpoint nothing of it is imported.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from gradesys import __version__
from gradesys.metrics import BOUNDS, MEANINGS, Sink

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter, Histogram, MeterProvider
    from opentelemetry.metrics import _Gauge as Gauge

LOG = logging.getLogger(__name__)
ENDPOINTS = ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def open_sink(environment: Mapping[str, str]) -> Sink | None:
    """Where metrics go by the standard variables; None where they name no collector."""
    if not any(environment.get(name) for name in ENDPOINTS):
        return None
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        LOG.error("an OTLP endpoint is set, but the extra gradesys[otel] is not installed")
        return None
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource

    ours = Resource.create({"service.version": __version__} | _name(environment))
    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    return OtelSink(MeterProvider([reader], ours))


def _name(environment: Mapping[str, str]) -> dict[str, str]:
    return {} if environment.get("OTEL_SERVICE_NAME") else {"service.name": "gradesys"}


class OtelSink:
    """One instrument a name: ``gradesys.<name>``, times in seconds."""

    def __init__(self, provider: MeterProvider) -> None:
        self._meter = provider.get_meter("gradesys", __version__)
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        self._gauges: dict[str, Gauge] = {}

    def add(self, name: str, amount: int) -> None:
        """Count."""
        if name not in self._counters:
            counter = self._meter.create_counter(f"gradesys.{name}", "1", MEANINGS.get(name, ""))
            self._counters[name] = counter
        self._counters[name].add(amount)

    def record(self, name: str, seconds: float) -> None:
        """Time."""
        if name not in self._histograms:
            self._histograms[name] = self._meter.create_histogram(
                f"gradesys.{name}",
                "s",
                MEANINGS.get(name, ""),
                explicit_bucket_boundaries_advisory=BOUNDS,
            )
        self._histograms[name].record(seconds)

    def level(self, name: str, value: float) -> None:
        """Show a level."""
        if name not in self._gauges:
            gauge = self._meter.create_gauge(f"gradesys.{name}", "1", MEANINGS.get(name, ""))
            self._gauges[name] = gauge
        self._gauges[name].set(value)
