using System.Diagnostics;
using System.Diagnostics.Metrics;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Dispatch;

/// <summary>What the engine counts. Instrument names follow OpenTelemetry's conventions; the README lists what operators see.</summary>
public sealed class EngineMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _inDoubt;
    private readonly Counter<long> _leasesLost;
    private readonly Histogram<double> _dueLag;
    private long _queueDepth;
    private long _due;
    private double _oldestDueAge;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">The meter's name. What a sandbox does is counted under another one, which operators do not see.</param>
    public EngineMetrics(string meter = Telemetry.Name)
    {
        _meter = new Meter(meter);
        _steps = _meter.CreateCounter<long>("followup.steps", description: "Steps carried out, by type and outcome.");
        _retries = _meter.CreateCounter<long>("followup.retries", description: "Tries that failed and are repeated.");
        _inDoubt = _meter.CreateCounter<long>("followup.in_doubt", description: "Sends whose outcome is unknown.");
        _leasesLost = _meter.CreateCounter<long>(
            "followup.lease_lost",
            description: "Steps that this node lost before it wrote them back."
        );
        _dueLag = _meter.CreateHistogram<double>(
            "followup.due_lag",
            "s",
            "From a step's due instant to its claim.",
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600] }
        );
        _meter.CreateObservableGauge("followup.queue_depth", () => Volatile.Read(ref _queueDepth), description: "Step jobs in the outbox.");
        _meter.CreateObservableGauge(
            "followup.queue_due",
            () => Volatile.Read(ref _due),
            description: "Step jobs that are due and unclaimed."
        );
        _meter.CreateObservableGauge(
            "followup.oldest_due_age",
            () => Volatile.Read(ref _oldestDueAge),
            "s",
            "How long the oldest due step waits."
        );
    }

    /// <summary>A step was claimed.</summary>
    /// <param name="lag">From its due instant to the claim.</param>
    public void Claimed(TimeSpan lag) => _dueLag.Record(Math.Max(0, lag.TotalSeconds));

    /// <summary>A step was written back.</summary>
    /// <param name="type">What it does.</param>
    /// <param name="outcome">Such as <c>sent</c>.</param>
    public void Done(StepType type, string outcome)
    {
        _steps.Add(1, new TagList { { "type", type.ToString().ToUpperInvariant() }, { "outcome", outcome } });
        if (outcome == "retry")
        {
            _retries.Add(1);
        }
        else if (outcome == "inDoubt")
        {
            _inDoubt.Add(1);
        }
    }

    /// <summary>This node lost a step before it wrote it back.</summary>
    public void LeaseLost() => _leasesLost.Add(1);

    /// <summary>What the outbox looked like a moment ago.</summary>
    /// <param name="depth">Jobs in it.</param>
    /// <param name="due">Jobs that are due and unclaimed.</param>
    /// <param name="oldestAge">How long the oldest of those waits.</param>
    public void Observed(long depth, long due, TimeSpan oldestAge)
    {
        Volatile.Write(ref _queueDepth, depth);
        Volatile.Write(ref _due, due);
        Volatile.Write(ref _oldestDueAge, oldestAge.TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
