using System.Diagnostics.Metrics;
using FollowUp.Application.Dispatch;
using Prometheus;

namespace FollowUp.Web.Platform;

/// <summary>
/// Exports the engine's instruments under the names that OpenTelemetry defines for Prometheus: <c>followup.steps</c> is
/// <c>followup_steps_total</c>, <c>followup.due_lag</c> in seconds is <c>followup_due_lag_seconds</c>. prometheus-net's own adapter prefixes
/// each name with the meter's name and omits the suffixes.
/// </summary>
internal sealed class MeterExport : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MetricFactory _metrics;
    private readonly MeterListener _listener = new();
    private readonly Dictionary<Gauge, HashSet<string>> _observed = [];

    public MeterExport(CollectorRegistry registry, EngineMetrics engine)
    {
        _metrics = Metrics.WithCustomRegistry(registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (engine.Has(instrument))
            {
                listener.EnableMeasurementEvents(instrument, Made(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, metric) => Record(metric!, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, metric) => Record(metric!, value, tags));
        _listener.Start();
        registry.AddBeforeCollectCallback(Observe);
    }

    public void Dispose() => _listener.Dispose();

    private static string Name(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        return (instrument.Unit == "s" ? $"{name}_seconds" : name) + (instrument is Counter<long> ? "_total" : "");
    }

    private object Made(Instrument instrument)
    {
        var (name, help) = (Name(instrument), instrument.Description ?? "");
        return instrument switch
        {
            Counter<long> => new LabelledCounter(_metrics, name, help),
            Histogram<double> histogram => _metrics.CreateHistogram(
                name,
                help,
                new HistogramConfiguration { Buckets = [.. histogram.Advice!.HistogramBucketBoundaries!] }
            ),
            _ => new LabelledGauge(_metrics, name, help),
        };
    }

    /// <summary>Reads all gauges. A series that is no longer observed, such as the cause of a breaker that has closed, is removed.</summary>
    private void Observe()
    {
        lock (_lock)
        {
            foreach (var seen in _observed.Values)
            {
                seen.Clear();
            }

            _listener.RecordObservableInstruments();
            foreach (var (gauge, seen) in _observed)
            {
                foreach (var labels in gauge.GetAllLabelValues().Where(labels => !seen.Contains(Key(labels))).ToList())
                {
                    gauge.RemoveLabelled(labels);
                }
            }
        }
    }

    private void Record(object metric, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            values[i] = $"{tags[i].Value}";
        }

        switch (metric)
        {
            case LabelledCounter counter:
                counter.With(tags).WithLabels(values).Inc(value);
                break;
            case Histogram histogram:
                histogram.Observe(value);
                break;
            case LabelledGauge labelled:
                var gauge = labelled.With(tags);
                gauge.WithLabels(values).Set(value);
                if (values.Length > 0)
                {
                    if (!_observed.TryGetValue(gauge, out var seen))
                    {
                        _observed[gauge] = seen = [];
                    }

                    seen.Add(Key(values));
                }

                break;
        }
    }

    private static string Key(string[] labels) => string.Join('\n', labels);

    private static string[] Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var names = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            names[i] = tags[i].Key;
        }

        return names;
    }

    /// <summary>An instrument does not declare its tags, but a metric must, so the metric is created at the first measurement.</summary>
    private sealed class LabelledCounter(MetricFactory metrics, string name, string help)
    {
        private Counter? _counter;

        public Counter With(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _counter ??= metrics.CreateCounter(name, help, Labels(tags));
    }

    private sealed class LabelledGauge(MetricFactory metrics, string name, string help)
    {
        private Gauge? _gauge;

        public Gauge With(ReadOnlySpan<KeyValuePair<string, object?>> tags) => _gauge ??= metrics.CreateGauge(name, help, Labels(tags));
    }
}
