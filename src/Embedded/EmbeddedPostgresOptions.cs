using Microsoft.Extensions.Logging.Abstractions;

namespace FollowUp.Embedded;

/// <summary>Location and settings of the private PostgreSQL.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>A folder for the database only. It is created if it is missing; a folder with other files is refused.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Whether commits survive a power failure. False for tests.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>
    /// Whether to start with an empty cluster even if the folder contains one. For tests: their process may be killed before it has cleaned up, so
    /// the next one with the same folder has to.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>Settings of <c>postgresql.conf</c> that add to the defaults or replace them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>; null to search for it.</summary>
    public string? BinFolder { get; init; }

    /// <summary>Logs the location of the database and its starts and stops.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;
}
