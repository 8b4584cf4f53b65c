using System.Reflection;
using System.Text.RegularExpressions;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;

namespace FollowUp.UnitTests.Architecture;

/// <summary>
/// Users and providers choose the texts that regular expressions read, so each expression must take linear time for any text. One that reads a run
/// of characters again from each of them needs two billion steps for the texts here. The budget is a thousand times what a linear one needs.
/// </summary>
public sealed partial class PatternTests
{
    private const int Characters = 60_000;
    private const int MostAttempts = 3;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    /// <summary>What such runs consist of, besides the words in the pattern itself.</summary>
    private static readonly string[] Pieces =
    [
        "a",
        "1",
        " ",
        "\n",
        ".",
        "-",
        "_",
        "@",
        "%",
        "\"",
        "'",
        "\\",
        "a.",
        "a ",
        "1.",
        "a@",
        "a:",
        "{{ ",
        "<a ",
    ];

    private static readonly Dictionary<string, Regex> Patterns = new[]
    {
        typeof(Instance).Assembly,
        typeof(Sender).Assembly,
        typeof(Infrastructure.FollowUpServices).Assembly,
        typeof(Program).Assembly,
    }
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("FollowUp", StringComparison.Ordinal) is true)
        .SelectMany(OfType)
        .ToDictionary(named => named.Name, named => named.Pattern);

    public static TheoryData<string> Names => [.. Patterns.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_pattern_takes_linear_time(string name)
    {
        var pattern = new Regex(Patterns[name].ToString(), Patterns[name].Options, Budget);
        foreach (var text in Hostile(pattern.ToString()))
        {
            KeepsToBudget(pattern, text).ShouldBeTrue($"of {text[..20]}… {text[^20..]}");
        }
    }

    /// <summary>Whether a pattern keeps to the budget. On a busy machine a linear one can be interrupted for longer, so it may try again; a quadratic one fails each time.</summary>
    private static bool KeepsToBudget(Regex pattern, string text)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _ = pattern.Count(text);
                return true;
            }
            catch (RegexMatchTimeoutException)
            {
                if (attempt == MostAttempts)
                {
                    return false;
                }
            }
        }
    }

    [Fact]
    public void A_quadratic_pattern_exceeds_the_budget() =>
        KeepsToBudget(new Regex("[a-z](?=[a-z]+[^a-z])", RegexOptions.None, Budget), Run("a")).ShouldBeFalse();

    [Fact]
    public void All_patterns_are_found() => Patterns.Count.ShouldBeGreaterThan(60);

    private static IEnumerable<(string Name, Regex Pattern)> OfType(Type type)
    {
        const BindingFlags own = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var generated = type.GetMethods(own)
            .Where(method => method.GetCustomAttribute<GeneratedRegexAttribute>() is not null)
            .Select(method => ($"{type.Name}.{method.Name}", (Regex)method.Invoke(null, null)!));
        var built = type.GetFields(own)
            .Where(field => field.FieldType == typeof(Regex))
            .Select(field => ($"{type.Name}.{field.Name}", (Regex)field.GetValue(null)!));
        return generated.Concat(built);
    }

    private static IEnumerable<string> Hostile(string pattern)
    {
        var words = Word().Matches(pattern).Select(word => word.Value).Distinct().Take(5).ToList();
        string[] beginnings = ["", .. words];
        return
        [
            .. Pieces.SelectMany(piece => beginnings.Select(beginning => beginning + Run(piece) + "\u0001")),
            .. words.SelectMany(word => new[] { Run(word), Run(word + " "), Run(word + "a") }),
        ];
    }

    private static string Run(string piece) => string.Concat(Enumerable.Repeat(piece, Characters / piece.Length));

    [GeneratedRegex(@"[a-z]{2,}[:(]?|[{<@%&=+!/#*\-]{1,4}", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
