using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Running;

/// <summary>An operator finds every metric of the documents in a scrape, and every metric of a scrape in the documents.</summary>
public sealed partial class MetricNamesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly string[] HistogramParts = ["_bucket", "_count", "_sum"];

    [Fact]
    public async Task Documents_alerts_and_dashboard_use_existing_metrics()
    {
        // With an open breaker, because the metric of its cause exists only then.
        await database.Execute(
            """UPDATE channel_breaker SET open_until = now() + interval '1 hour', evidence = '{"code":"sendgrid 503"}' WHERE channel = 'EMAIL'"""
        );
        await using var program = await OwnProgram.Start(database);
        await Eventually.Holds(
            async () => (await Scrape(program)).Contains("cause=\"sendgrid 503\"", StringComparison.Ordinal),
            "the breakers are read"
        );
        var scraped = Families().Matches(await Scrape(program)).Select(line => line.Groups[1].Value).Order().ToList();

        Named("operations.md").ShouldBe(scraped);
        Named("alerts.yml").Except(scraped).ShouldBeEmpty();
        Named("dashboard.json").Except(scraped).ShouldBeEmpty();
        Named("../README.md").Except(scraped).ShouldBeEmpty();
        scraped.Except(Named("alerts.yml")).Except(Named("dashboard.json")).ShouldBeEmpty();
        JsonDocument.Parse(Read("dashboard.json")).RootElement.GetProperty("panels").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("api")]
    [InlineData("worker")]
    public async Task Every_counter_exists_from_the_start_and_every_node_has_the_queue_gauges(string role)
    {
        await database.Execute("UPDATE channel_breaker SET open_until = NULL, cause = NULL, evidence = '{}'");
        await using var issuer = await FakeIssuer.Start();
        using var program = ProgramProcess.Start(Settings(issuer, ("Role", role)));
        await program.IsLive();

        var first = await program.Http.GetStringAsync("/metrics");
        foreach (
            var series in (string[])
                [
                    "followup_steps_total{type=\"EMAIL\",outcome=\"sent\"}",
                    "followup_steps_total{type=\"SMS\",outcome=\"failed\"}",
                    "followup_steps_total{type=\"WAIT\",outcome=\"completed\"}",
                    "followup_retries_total",
                    "followup_in_doubt_total",
                    "followup_lease_lost_total",
                    "followup_due_lag_seconds_count",
                    "followup_breaker_open{channel=\"EMAIL\"}",
                    "followup_breaker_open{channel=\"SMS\"}",
                ]
        )
        {
            first.ShouldContain($"\n{series} 0\n");
        }

        first.ShouldNotContain("followup_followup");
        first.ShouldNotContain("followup_breaker_cause{");
        await program.IsReady();
        await Eventually.Holds(
            async () =>
                (await program.Http.GetStringAsync("/metrics")).Contains("\nfollowup_database_reachable 1\n", StringComparison.Ordinal),
            "the node says that it reaches the database"
        );
    }

    [Fact]
    public async Task The_queue_is_measured_on_nodes_that_only_serve_the_api()
    {
        await using var program = await OwnProgram.Start(database);
        var client = await program.As("queue");
        await client.Enroll(await client.Sequence("""{"name":"q","steps":[{"type":"WAIT","delayDays":3}]}"""));

        await Eventually.Holds(async () => Value(await Scrape(program), "followup_queue_depth") >= 1, "the queue is measured");
    }

    private (string, string)[] Settings(FakeIssuer issuer, params (string, string)[] settings) =>
        [
            ("ConnectionStrings__FollowUp", database.ConnectionString),
            ("Authentication__Authority", issuer.Url),
            ("Authentication__Audience", FakeIssuer.Audience),
            ("Email__Provider", "drop"),
            ("Email__DropPath", Path.GetTempPath()),
            ("Email__From", "sales@followup.example"),
            .. settings,
        ];

    private static Task<string> Scrape(OwnProgram program) => program.Http.GetStringAsync("/metrics");

    private static double Value(string scrape, string name) =>
        double.Parse(Regex.Match(scrape, $"^{name} (.*)$", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>The names in a document, without what Prometheus adds to a histogram's.</summary>
    private static List<string> Named(string document) =>
        [
            .. Names()
                .Matches(Read(document))
                .Select(match => match.Value)
                .Select(name => HistogramParts.FirstOrDefault(name.EndsWith) is { } part ? name[..^part.Length] : name)
                .Distinct()
                .Order(),
        ];

    private static string Read(string document) => File.ReadAllText(Path.Combine(Repository.Root, "docs", document));

    [GeneratedRegex("^# TYPE (followup_[a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex Families();

    [GeneratedRegex("followup_[a-z_]+")]
    private static partial Regex Names();
}
