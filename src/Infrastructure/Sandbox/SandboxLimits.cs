namespace FollowUp.Infrastructure.Sandbox;

/// <summary>What sandboxes may use of the database and of this node.</summary>
/// <param name="Connections"><c>Sandbox:Connections</c>: maximum number of database connections of all sandboxes of this node.</param>
/// <param name="Sandboxes"><c>Sandbox:MostSandboxes</c>: maximum number of sandbox schemas in the database.</param>
/// <param name="Instances"><c>Sandbox:MostInstances</c>: maximum number of instances of one sandbox.</param>
/// <param name="Megabytes"><c>Sandbox:MostMegabytes</c>: maximum disk space of one sandbox in MiB; beyond it, writes are refused.</param>
public sealed record SandboxLimits(int Connections, int Sandboxes, int Instances, int Megabytes)
{
    /// <summary>
    /// The size of a sandbox's pool. A move of the clock needs at most three connections (its lock, a claim, a step), any other request two; with
    /// <see cref="RequestsAtOnce"/> requests, only one of which can move the clock, at least one request never has to wait for the others.
    /// </summary>
    public const int ConnectionsOfEach = 4;

    /// <summary>Maximum number of requests that one sandbox processes at once.</summary>
    public const int RequestsAtOnce = 2;

    /// <summary>Maximum number of requests of one sandbox that are being read, wait, run or are being answered.</summary>
    public const int RequestsInAll = 40;

    /// <summary>The largest request body, including bulk requests, which may be larger outside of sandboxes.</summary>
    public const int LargestBody = 16 * 1024 * 1024;

    /// <summary>The largest response, which is buffered on the node's disk until the request has left its slot.</summary>
    public const int LargestResponse = 64 * 1024 * 1024;

    /// <summary>How long a request waits for a slot.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The number of sandboxes that may have connections at once.</summary>
    public int Pools => Connections / ConnectionsOfEach;

    /// <summary>Reads the limits from the settings.</summary>
    public static SandboxLimits Read(IConfiguration settings) =>
        new(
            settings.Whole("Sandbox:Connections", 16, ConnectionsOfEach, 10_000),
            settings.Whole("Sandbox:MostSandboxes", 200, 1, 100_000),
            settings.Whole("Sandbox:MostInstances", 10_000, 1, 10_000_000),
            settings.Whole("Sandbox:MostMegabytes", 256, 16, 1_000_000)
        );
}
