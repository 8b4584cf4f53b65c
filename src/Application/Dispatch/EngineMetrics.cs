using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FollowUp.Application.Dispatch;

/// <summary>
/// The metrics of this node. Instrument names follow OpenTelemetry's conventions; <c>/metrics</c> and a collector derive the same
/// Prometheus names from them, which docs/operations.md lists.
/// </summary>
public sealed class EngineMetrics : IDatabaseMetrics, IDisposable
{
    /// <summary>Every outcome that <see cref="Done"/> accepts, so that each has a series from the start.</summary>
    private static readonly string[] Outcomes =
    [
        "sent",
        "completed",
        "skipped",
        "retry",
        "postponed",
        "failed",
        "inDoubt",
        "putOff",
        "parked",
        "stopped",
    ];

    private readonly Meter _meter;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _inDoubt;
    private readonly Counter<long> _leasesLost;
    private readonly Histogram<double> _dueLag;
    private long _queueDepth;
    private long _due;
    private double _oldestDueAge;
    private bool _databaseReachable;
    private IReadOnlyList<BreakerState> _breakers =
    [
        .. Enum.GetValues<Channel>().Select(channel => new BreakerState(channel, false, null)),
    ];

    /// <summary>Creates the instruments.</summary>
    /// <param name="meter">The meter's name. A sandbox uses another one, which operators do not see.</param>
    public EngineMetrics(string meter = Telemetry.Name)
    {
        _meter = new Meter(meter);
        _steps = _meter.CreateCounter<long>("followup.steps", description: "Steps executed, by type and outcome.");
        _retries = _meter.CreateCounter<long>("followup.retries", description: "Failed attempts that are retried.");
        _inDoubt = _meter.CreateCounter<long>("followup.in_doubt", description: "Sends whose outcome is unknown.");
        _leasesLost = _meter.CreateCounter<long>(
            "followup.lease_lost",
            description: "Steps whose lease this node lost before it wrote them back."
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
            "How long the oldest due step has waited."
        );
        _meter.CreateObservableGauge(
            "followup.breaker_open",
            () => Breakers().Select(breaker => new Measurement<long>(breaker.IsOpen ? 1 : 0, ChannelTag(breaker))),
            description: "1 while a channel's circuit breaker is open, else 0."
        );
        _meter.CreateObservableGauge(
            "followup.breaker_cause",
            () =>
                Breakers()
                    .Where(breaker => breaker.IsOpen)
                    .Select(breaker => new Measurement<long>(1, ChannelTag(breaker), new("cause", breaker.Cause ?? "unknown"))),
            description: "1 for the code of the last failure of each channel whose breaker is open."
        );
        _meter.CreateObservableGauge(
            "followup.database_reachable",
            () => Volatile.Read(ref _databaseReachable) ? 1L : 0,
            description: "1 while this node reaches the database, else 0."
        );

        IReadOnlyList<BreakerState> Breakers() => Volatile.Read(ref _breakers);

        static KeyValuePair<string, object?> ChannelTag(BreakerState breaker) =>
            new("channel", breaker.Channel.ToString().ToUpperInvariant());
    }

    /// <summary>Whether an instrument belongs to this object. Several nodes may run in one process, each with a meter of the same name.</summary>
    public bool Has(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    /// <summary>Initializes each counter with 0: an alert on an increase would miss the first event of a counter that appears with 1.</summary>
    public void Begin()
    {
        foreach (var type in Enum.GetValues<StepType>())
        {
            foreach (var outcome in Outcomes)
            {
                _steps.Add(0, StepTags(type, outcome));
            }
        }

        _retries.Add(0);
        _inDoubt.Add(0);
        _leasesLost.Add(0);
    }

    /// <summary>Records a claim.</summary>
    /// <param name="lag">The time from the due time to the claim.</param>
    public void Claimed(TimeSpan lag) => _dueLag.Record(Math.Max(0, lag.TotalSeconds));

    /// <summary>Records a write-back.</summary>
    public void Done(StepType type, string outcome)
    {
        Debug.Assert(Outcomes.Contains(outcome), $"{outcome} is not among the outcomes that begin with 0.");
        _steps.Add(1, StepTags(type, outcome));
        if (outcome == "retry")
        {
            _retries.Add(1);
        }
        else if (outcome == "inDoubt")
        {
            _inDoubt.Add(1);
        }
    }

    /// <summary>Records that this node lost a lease before it wrote the step back.</summary>
    public void LeaseLost() => _leasesLost.Add(1);

    /// <summary>Records the last observed state of the outbox.</summary>
    /// <param name="due">The number of due, unclaimed jobs.</param>
    /// <param name="oldestAge">How long the oldest of those has waited.</param>
    public void Observed(long depth, long due, TimeSpan oldestAge)
    {
        Volatile.Write(ref _queueDepth, depth);
        Volatile.Write(ref _due, due);
        Volatile.Write(ref _oldestDueAge, oldestAge.TotalSeconds);
    }

    /// <summary>Records the last observed state of the circuit breakers.</summary>
    public void Observed(IReadOnlyList<BreakerState> breakers) => Volatile.Write(ref _breakers, breakers);

    /// <inheritdoc/>
    public void DatabaseReachable(bool reachable) => Volatile.Write(ref _databaseReachable, reachable);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static TagList StepTags(StepType type, string outcome) =>
        new() { { "type", type.ToString().ToUpperInvariant() }, { "outcome", outcome } };
}
