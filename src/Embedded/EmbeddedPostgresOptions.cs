using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FollowUp.Embedded;

/// <summary>Where the private PostgreSQL lies and how it is set up.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>A folder of the database's own. It is made when it is missing; a folder with other files in it is refused.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Whether a commit survives a power cut. False is for tests, whose data nobody wants back.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>
    /// Whether to begin with an empty cluster, whatever an earlier program left in the folder. For tests: their process may be
    /// ended before it has cleaned up, so that the next one with the same folder has to.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>Settings of <c>postgresql.conf</c> on top of the usual ones, or in their place.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>; null to look for it.</summary>
    public string? BinFolder { get; init; }

    /// <summary>Told where the database lies and what became of it.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;
}
