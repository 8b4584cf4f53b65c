namespace FollowUp.Application.Dispatch;

/// <summary>Settings of the engine.</summary>
public sealed record DispatchOptions
{
    /// <summary><c>Dispatcher:Lanes</c>: how many steps this node executes concurrently; 1 executes strictly one at a time.</summary>
    public int Lanes { get; init; } = 8;

    /// <summary><c>Dispatcher:PollInterval</c>: how often the outbox is polled when no notification wakes the pump.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>Dispatcher:Lease</c>: how long a claim is valid without renewal.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>Dispatcher:RenewInterval</c>: how often held leases are renewed.</summary>
    public TimeSpan RenewInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>Dispatcher:SweepInterval</c>: how often expired leases and overdue doubts are handled.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>Dispatcher:DrainTimeout</c>: how long a shutdown waits for steps that are being sent.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// <c>Dispatcher:MaxLateness</c>: a step that is overdue by more needs confirmation by a user, because the database may be an old
    /// snapshot.
    /// </summary>
    public TimeSpan MaxLateness { get; init; } = TimeSpan.FromDays(3);

    /// <summary>The pace at which a backlog is released.</summary>
    public BacklogOptions Backlog { get; init; } = new();

    /// <summary>
    /// <c>Dispatcher:RecoveryPerSecond</c>: the rate at which a channel's overdue steps are sent after an outage of its provider, for all
    /// nodes together.
    /// </summary>
    public int RecoveryPerSecond { get; init; } = 100;

    /// <summary><c>Dispatcher:AcceptedRetention</c>: how long accepted attempts and provider events are kept.</summary>
    public TimeSpan AcceptedRetention { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>Dispatcher:FailedRetention</c>: how long all other finished attempts are kept.</summary>
    public TimeSpan FailedRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary><c>Retry:MaxRetries</c>, <c>Retry:BaseDelay</c> and <c>Retry:Jitter</c>.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary><c>InDoubt:Grace</c>: how long to wait for the provider's event.</summary>
    public TimeSpan DoubtGrace { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// <c>InDoubt:OnNoEvidence</c> is <c>resend</c>: after the grace period a step in doubt is sent again, at most <c>Retry:MaxRetries</c>
    /// times, and then held for a user.
    /// </summary>
    public bool ResendDoubts { get; init; }

    /// <summary>The name of this node and process start: the <c>owner</c> of its leases.</summary>
    public string Node { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():N}";
}
