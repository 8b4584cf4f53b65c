namespace FollowUp.Chaos;

/// <summary>Time, made short: what takes a minute in operation takes seconds here. All of it lies far above what two busy cores cost.</summary>
internal static class Pace
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long the database may leave a statement unanswered.</summary>
    public static readonly TimeSpan Command = TimeSpan.FromSeconds(5);

    /// <summary>How long a transaction may lie idle before the database ends it: what a half-open connection had locked is free again then.</summary>
    public static readonly TimeSpan IdleTransaction = TimeSpan.FromSeconds(6);

    /// <summary>From which length on a run is judged by what it holds on to: shorter ones are over before a process is warm.</summary>
    public static readonly TimeSpan LongRun = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long everything may take to come to rest once all is healed. More than the longest chain of waits: a breaker that tries its provider
    /// every 300 s at the last, then a lease, the sweep, and six retries.
    /// </summary>
    public static readonly TimeSpan Healing = TimeSpan.FromMinutes(8);

    /// <summary>The same for a short run, whose breakers are probed every 40 s at the last. The test run ends a test that takes five minutes.</summary>
    public static readonly TimeSpan ShortHealing = TimeSpan.FromMinutes(3);

    /// <summary>A message on its way when somebody says stop still arrives: within a call's time, and the longest that the monkey freezes a worker.</summary>
    public static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(60);

    /// <summary>How long claims are slow at a time, and then quick again: long enough for due steps to pile up, so that claims take several.</summary>
    public static readonly TimeSpan SlowClaims = TimeSpan.FromSeconds(8);

    /// <summary>Below <see cref="Command"/>: the statement goes on afterwards.</summary>
    public static readonly TimeSpan StoppedBackend = TimeSpan.FromSeconds(1.5);

    /// <summary>Waits, but no longer than until the end of the run.</summary>
    public static async Task Pause(TimeSpan length, CancellationToken stop) =>
        await Task.Delay(length, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
