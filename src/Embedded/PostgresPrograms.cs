using System.Text.RegularExpressions;

namespace FollowUp.Embedded;

/// <summary>Finds the folder with PostgreSQL's programs.</summary>
internal static partial class PostgresPrograms
{
    /// <summary>Names the folder that is to be used, when it is in none of the usual places.</summary>
    public const string Variable = "FOLLOWUP_PG_BIN";

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>Where Debian, Red Hat, SUSE, Alpine and Homebrew put them. <c>*</c> is the version.</summary>
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

    /// <summary>The folder to use.</summary>
    /// <param name="wanted">The folder that the caller names, or null to look for one.</param>
    /// <param name="version">The major version that an existing cluster needs, or null when any will do.</param>
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
                ? $"PostgreSQL's programs were not found: install PostgreSQL, name their folder in {Variable}, or set ConnectionStrings__FollowUp to a server of yours."
                : $"The database was made by PostgreSQL {version}, whose programs were not found (only {string.Join(", ", folders)}): install that version, or choose another data folder."
        );
    }

    private static bool HasAll(string folder) => Needed.All(name => File.Exists(Path.Combine(folder, name)));

    // A link on the PATH may stand alone: the programs look for one another beside the file it leads to.
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
