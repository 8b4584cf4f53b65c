using System.Text.RegularExpressions;

namespace FollowUp.Embedded;

/// <summary>Finds the folder with PostgreSQL's programs.</summary>
internal static partial class PostgresPrograms
{
    /// <summary>Environment variable for a folder outside the usual places.</summary>
    public const string Variable = "FOLLOWUP_PG_BIN";

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>Folders of Debian, Red Hat, SUSE, Alpine and Homebrew. <c>*</c> is the version.</summary>
    private static readonly string[] Usual =
    [
        "/usr/lib/postgresql/*/bin",
        "/usr/lib/postgresql*/bin",
        "/usr/pgsql-*/bin",
        "/usr/libexec/postgresql*",
        "/opt/homebrew/opt/postgresql*/bin",
        "/usr/local/opt/postgresql*/bin",
        "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
    ];

    /// <summary>Finds the folder.</summary>
    /// <param name="wanted">A folder from the caller, or null to search.</param>
    /// <param name="version">The major version of an existing cluster, or null for any version.</param>
    public static async Task<string> Find(string? wanted, string? version, CancellationToken ct)
    {
        if ((wanted ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named)
        {
            return HasAll(named)
                ? named
                : throw new EmbeddedPostgresException(
                    $"PostgreSQL's programs ({string.Join(", ", Needed)}) are not in {named}, which {Variable} or the caller names."
                );
        }

        var folders = OnPath().Concat(Usual.SelectMany(Matches).OrderByDescending(VersionIn)).Where(HasAll).Distinct().ToList();
        foreach (var folder in folders)
        {
            if (version is null || await MajorVersion(folder, ct) == version)
            {
                return folder;
            }
        }

        throw new EmbeddedPostgresException(
            folders.Count == 0
                ? $"PostgreSQL's programs were not found: install PostgreSQL, set {Variable} to their folder, or set ConnectionStrings__FollowUp to an existing server."
                : $"The database was created by PostgreSQL {version}, whose programs were not found (only {string.Join(", ", folders)}): install that version, or choose another data folder."
        );
    }

    private static bool HasAll(string folder) => Needed.All(name => File.Exists(Path.Combine(folder, name)));

    // A link on the PATH may be the only one: the programs search for each other next to the link's target.
    private static IEnumerable<string> OnPath() =>
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        let program = new FileInfo(Path.Combine(folder, "pg_ctl"))
        where program.Exists
        let file = program.ResolveLinkTarget(returnFinalTarget: true) ?? program
        select Path.GetDirectoryName(file.FullName);

    private static IEnumerable<string> Matches(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        var parent = pattern[..pattern.LastIndexOf('/', star)];
        var parts = pattern[(parent.Length + 1)..].Split('/', 2);
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, parts[0]).Select(folder => parts.Length > 1 ? Path.Combine(folder, parts[1]) : folder)
            : [];
    }

    private static double VersionIn(string path) => Number().Match(path) is { Success: true } match ? double.Parse(match.Value) : 0;

    private static async Task<string> MajorVersion(string folder, CancellationToken ct)
    {
        var answer = await ChildProgram.Run(Path.Combine(folder, "postgres"), ["--version"], TimeSpan.FromSeconds(20), ct);
        return Number().Match(answer.Output).Value.Split('.')[0];
    }

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)?")]
    private static partial Regex Number();
}
