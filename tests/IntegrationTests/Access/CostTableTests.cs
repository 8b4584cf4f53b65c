using System.Text.RegularExpressions;
using FollowUp.Testing;

namespace FollowUp.IntegrationTests.Access;

/// <summary><c>docs/reliability.md</c> lists the most expensive request of each endpoint and its limits.</summary>
public sealed partial class CostTableTests
{
    [Fact]
    public void Every_user_route_has_a_row_in_the_cost_table_and_every_row_a_route()
    {
        var table = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reliability.md"))
            .Split("## What one request may cost")[1]
            .Split("\n## ")[0];
        var listed = table
            .Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => Endpoint().Matches(line.Split('|')[1]))
            .Select(match => Plain(match.Groups[1].Value))
            .ToHashSet();
        // AccessTableTests compare these with the routes of the program.
        var routes = AccessTable
            .Rows.Select(row => Plain(row.Route))
            .Where(route => route.Contains(" /api/", StringComparison.Ordinal) || route.Contains(" /u/", StringComparison.Ordinal))
            .ToHashSet();

        routes.Except(listed).ShouldBeEmpty("These routes have no row in docs/reliability.md, What one request may cost.");
        listed.Except(routes).ShouldBeEmpty("These endpoints of docs/reliability.md have no route.");
    }

    private static string Plain(string route) => Parameter().Replace(route, "{}");

    [GeneratedRegex("`((GET|POST|PUT|PATCH|DELETE) /[^`]+)`")]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
