using System.Text.RegularExpressions;

namespace FollowUp.UnitTests.Architecture;

/// <summary>A crash point whose words no statement has is never reached, and ./chaos would not say so for those that come only sometimes.</summary>
public sealed partial class CrashPointTests
{
    /// <summary>Words that no file has in one piece, and what its statement is made from.</summary>
    private static readonly Dictionary<string, string> Composed = new()
    {
        ["UPDATE sequence_migration"] = "DbSet<SequenceMigration>",
        ["SELECT j.id AS job_id"] = "j.id AS job_id",
    };

    [Fact]
    public void Every_crash_point_matches_a_statement_of_the_program()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "FollowUp.sln")))
        {
            root = root.Parent!;
        }

        var sources = string.Join(
            '\n',
            Directory
                .GetFiles(Path.Combine(root.FullName, "src"), "*.cs", SearchOption.AllDirectories)
                .Where(file =>
                    !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Migrations/", StringComparison.Ordinal)
                )
                .Select(File.ReadAllText)
        );
        var words = Point()
            .Matches(File.ReadAllText(Path.Combine(root.FullName, "tests", "Chaos", "CrashPoints.cs")))
            .Select(point => point.Groups[1].Value.Replace("\\n", "", StringComparison.Ordinal))
            .ToList();

        words.Count.ShouldBeGreaterThan(25);
        words.Where(each => !sources.Contains(Composed.GetValueOrDefault(each, each), StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [GeneratedRegex("new\\(\"[^\"]+\", (?:true|false), \"([^\"]+)\", (?:true|false)\\)")]
    private static partial Regex Point();
}
