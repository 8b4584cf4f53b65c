using System.Text.RegularExpressions;

namespace FollowUp.UnitTests.Architecture;

/// <summary>What the documents list is what the repository has.</summary>
public sealed partial class DocumentTests
{
    /// <summary>Settings for trying the program out and for its tests, which operators do not need.</summary>
    private static readonly string[] NotForOperators =
    [
        // The web server's own section; FollowUp only looks whether it is there.
        "Kestrel:Endpoints",
        "Authentication:DevSigningKey",
        "Sample:Load",
        // The defaults follow from other settings; tests shorten them.
        "Dispatcher:RenewInterval",
        "Dispatcher:SweepInterval",
    ];

    private static readonly string Root = FindRoot();

    [Fact]
    public void Every_decision_is_listed_with_its_status()
    {
        var index = File.ReadAllText(Path.Combine(Root, "docs", "adr", "README.md"));
        var files = Directory.GetFiles(Path.Combine(Root, "docs", "adr"), "0*.md");

        files.Length.ShouldBeGreaterThan(50);
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            var text = File.ReadAllText(file);
            var title = Title().Match(text).Groups[1].Value;
            var status = Status().Match(text).Groups[1].Value;
            status.ShouldNotBeEmpty(name);
            index.ShouldContain($"| {name[..4]} | [{title}]({name}) | {status} |");
        }

        Row().Count(index).ShouldBe(files.Length);
    }

    [Fact]
    public void Every_setting_that_the_program_reads_is_documented_and_every_documented_one_is_read()
    {
        var sources = string.Join(
            '\n',
            Directory
                .GetFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
                .Where(file =>
                    !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Migrations/", StringComparison.Ordinal)
                )
                .Select(File.ReadAllText)
        );
        var read = Read().Matches(sources).Select(match => match.Groups[1].Value).Distinct().Except(NotForOperators).ToList();
        var documented = Documented()
            .Matches(
                string.Join(
                    '\n',
                    File.ReadAllLines(Path.Combine(Root, "README.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                )
            )
            .Select(match => match.Value.Replace("__", ":", StringComparison.Ordinal))
            .Distinct()
            .ToList();

        read.Count.ShouldBeGreaterThan(40);
        read.Except(documented).ShouldBeEmpty();
        // Options that are bound as a whole are read by their properties' names.
        documented
            .Except(read)
            .Where(setting => !sources.Contains($" {setting.Split(':')[1]} {{ get; ", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FollowUp.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^# \d+\. (.+)$", RegexOptions.Multiline)]
    private static partial Regex Title();

    [GeneratedRegex("^[-* ]*Status: *(.+)$", RegexOptions.Multiline)]
    private static partial Regex Status();

    [GeneratedRegex(@"^\| \d{4} \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("\"((?!Npgsql:|Relational:)[A-Z][A-Za-z]+:[A-Z][A-Za-z]+)\"")]
    private static partial Regex Read();

    [GeneratedRegex("[A-Z][A-Za-z]+__[A-Z][A-Za-z]+")]
    private static partial Regex Documented();
}
