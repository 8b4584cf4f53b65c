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

    private static readonly string Root = SourceFiles.Root;

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
                    File.ReadAllLines(Path.Combine(Root, "docs", "settings.md"))
                        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
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

    [Fact]
    public void Every_required_setting_is_on_the_list_for_operators()
    {
        var required = File.ReadAllLines(Path.Combine(Root, "docs", "settings.md"))
            .Select(line => line.Split(" | "))
            .Where(cells => cells is [_, var mark, _] && cells[0].StartsWith("| `", StringComparison.Ordinal) && mark.Length > 0)
            .SelectMany(cells => Setting().Matches(cells[0]).Select(match => match.Value))
            .Except(["ForwardedHeaders__KnownProxies"])
            .ToList();
        var operations = File.ReadAllText(Path.Combine(Root, "docs", "operations.md"));
        var section = operations.Split("### Required settings")[1].Split("###")[0];

        required.Count.ShouldBeGreaterThan(10);
        required.Except(Setting().Matches(section).Select(match => match.Value)).ShouldBeEmpty();
        Setting().Matches(operations).Select(match => match.Value).Except(AllSettings()).ShouldBeEmpty();

        IEnumerable<string> AllSettings() =>
            Setting().Matches(File.ReadAllText(Path.Combine(Root, "docs", "settings.md"))).Select(match => match.Value);
    }

    [Fact]
    public void Every_test_that_reliability_names_exists()
    {
        var tests = Directory
            .GetFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(file => (Class: Path.GetFileName(file).Split('.')[0], Text: File.ReadAllText(file)))
            .SelectMany(file => Test().Matches(file.Text).Select(match => (file.Class, Name: match.Groups[1].Value)))
            .ToList();
        var named = NamedTest()
            .Matches(File.ReadAllText(Path.Combine(Root, "docs", "reliability.md")))
            .Select(match => (Class: match.Groups["class"].Value, Name: match.Groups["name"].Value, IsCut: match.Groups["cut"].Success))
            .ToList();

        named.Count.ShouldBeGreaterThan(80);
        named.Count(name => name.Name.Length == 0).ShouldBeGreaterThan(10);
        named.Where(name => !tests.Exists(test => Matches(name, test))).ShouldBeEmpty();

        static bool Matches((string Class, string Name, bool IsCut) named, (string Class, string Name) test) =>
            (named.Class.Length == 0 || named.Class == test.Class)
            && (
                named.Name.Length == 0
                || named.Name == test.Name
                || (named.IsCut && test.Name.StartsWith(named.Name, StringComparison.Ordinal))
            );
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

    /// <summary>An environment variable of the program, such as <c>Email__From</c>, <c>PublicUrl</c> or <c>Role</c>.</summary>
    [GeneratedRegex(@"\b([A-Z][A-Za-z]+__[A-Z][A-Za-z]+|PublicUrl)\b")]
    private static partial Regex Setting();

    [GeneratedRegex(@"public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Test();

    /// <summary>A test's name in backticks, with or without its class, or cut off by an ellipsis; or a class of tests alone.</summary>
    [GeneratedRegex(@"`((?<class>\w+(Tests|Properties))|((?<class>\w+(Tests|Properties))\.)?(?<name>[A-Z][a-z]*(_\w+)+)(?<cut>…)?)`")]
    private static partial Regex NamedTest();
}
