namespace FollowUp.Chaos;

/// <summary>Shortened intervals: seconds instead of minutes. All are far above the delays of two busy cores.</summary>
internal static class Pace
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Timeout of a statement.</summary>
    public static readonly TimeSpan Command = TimeSpan.FromSeconds(5);

    /// <summary>Timeout of an idle transaction, after which the locks of a half-open connection are released.</summary>
    public static readonly TimeSpan IdleTransaction = TimeSpan.FromSeconds(6);

    /// <summary>Minimum length of a run that is checked for growth: shorter ones end before a process is warm.</summary>
    public static readonly TimeSpan LongRun = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Maximum duration of the recovery after the faults. More than the longest chain of waits: a breaker that probes its provider every 300 s,
    /// then a lease, the sweep, and six retries.
    /// </summary>
    public static readonly TimeSpan Healing = TimeSpan.FromMinutes(8);

    /// <summary>The same for a short run, whose breakers probe every 40 s at most. The test run aborts a test after five minutes.</summary>
    public static readonly TimeSpan ShortHealing = TimeSpan.FromMinutes(3);

    /// <summary>A message in flight at the time of a stop still arrives: within a call's timeout plus the longest suspension of a worker.</summary>
    public static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(60);

    /// <summary>Duration of a period of slow claims: long enough for due steps to pile up, so that a claim takes several.</summary>
    public static readonly TimeSpan SlowClaims = TimeSpan.FromSeconds(8);

    /// <summary>Below <see cref="Command"/>, so that the statement continues afterwards.</summary>
    public static readonly TimeSpan StoppedBackend = TimeSpan.FromSeconds(1.5);

    /// <summary>Waits, at most until the end of the run.</summary>
    public static async Task Pause(TimeSpan length, CancellationToken stop) =>
        await Task.Delay(length, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
