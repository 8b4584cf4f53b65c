using Microsoft.Extensions.Configuration;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>What sandboxes may use of the database and of this node.</summary>
/// <param name="Connections"><c>Sandbox:Connections</c>: the most database connections of this node's sandboxes together.</param>
/// <param name="Sandboxes"><c>Sandbox:MostSandboxes</c>: the most schemas of sandboxes in the database.</param>
/// <param name="Instances"><c>Sandbox:MostInstances</c>: the most instances of one sandbox.</param>
/// <param name="Megabytes"><c>Sandbox:MostMegabytes</c>: the most disk space of one sandbox, beyond which it takes no more writes.</param>
public sealed record SandboxLimits(int Connections, int Sandboxes, int Instances, int Megabytes)
{
    /// <summary>
    /// The size of a sandbox's pool. A move of the clock needs three connections at most (its lock, a claim, a step), any other request two; with
    /// <see cref="RequestsAtOnce"/> requests, of which one can move the clock, there is always one that need not wait for the others.
    /// </summary>
    public const int ConnectionsOfEach = 4;

    /// <summary>The most requests that one sandbox works on at once.</summary>
    public const int RequestsAtOnce = 2;

    /// <summary>The most requests of one sandbox that are read, wait, run or are answered.</summary>
    public const int RequestsInAll = 40;

    /// <summary>The largest request body, also of bulk requests, which have more room outside of sandboxes.</summary>
    public const int LargestBody = 16 * 1024 * 1024;

    /// <summary>The largest response, which waits on the node's disk until the request has left its slot. Exports outside of sandboxes have no limit.</summary>
    public const int LargestResponse = 64 * 1024 * 1024;

    /// <summary>How long a request waits for its turn.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How many sandboxes may have connections at once.</summary>
    public int Pools => Connections / ConnectionsOfEach;

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">All settings.</param>
    /// <returns>The limits.</returns>
    /// <exception cref="SettingException">One of them is wrong.</exception>
    public static SandboxLimits Read(IConfiguration settings) =>
        new(
            settings.Whole("Sandbox:Connections", 16, ConnectionsOfEach, 10_000),
            settings.Whole("Sandbox:MostSandboxes", 200, 1, 100_000),
            settings.Whole("Sandbox:MostInstances", 10_000, 1, 10_000_000),
            settings.Whole("Sandbox:MostMegabytes", 256, 16, 1_000_000)
        );
}
