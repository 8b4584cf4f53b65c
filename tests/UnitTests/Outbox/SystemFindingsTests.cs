using FollowUp.Application.Dispatch;

namespace FollowUp.UnitTests.Outbox;

/// <summary>What an operator should look at, at its thresholds.</summary>
public sealed class SystemFindingsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void A_healthy_installation_has_no_findings()
    {
        Codes(Healthy()).ShouldBeEmpty();
    }

    [Fact]
    public void A_node_is_missing_after_30_seconds_and_the_last_worker_is_critical()
    {
        var late = Node("late", lanes: 8, seen: Now - SystemFindings.Missing);
        Codes(Healthy(late)).ShouldBeEmpty();

        var missing = late with { SeenAt = late.SeenAt - TimeSpan.FromSeconds(1) };
        Codes(Healthy(missing)).ShouldBe(["noWorker", "nodeMissing"]);
        Codes(Healthy(missing, Node("api", lanes: 0, seen: Now))).ShouldBe(["noWorker", "nodeMissing"]);
        Codes(Healthy(missing, Node("worker", lanes: 8, seen: Now))).ShouldBe(["nodeMissing"]);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(2.1, "ahead of")]
    [InlineData(-2.1, "behind")]
    public void A_clock_that_differs_by_more_than_two_seconds_is_found(double seconds, string? side)
    {
        var state = Healthy() with { ClocksAhead = new Dictionary<string, TimeSpan> { ["worker"] = TimeSpan.FromSeconds(seconds) } };

        var findings = SystemFindings.Of(state).ToList();

        findings.Select(finding => finding.Code).ShouldBe(side is null ? [] : ["clockDifference"]);
        findings.ShouldAllBe(finding => finding.Message.Contains($"2 s {side} the database"));
    }

    [Fact]
    public void An_open_breaker_is_found_with_its_cause_before_less_severe_findings()
    {
        var state = Healthy() with { OldestDue = SystemFindings.LateSteps + TimeSpan.FromSeconds(1) };
        state = state with
        {
            View = state.View with
            {
                Breakers =
                [
                    new BreakerView("EMAIL", "recovering", null, null, []),
                    new BreakerView("SMS", "open", "503 Service Unavailable", Now, []),
                ],
            },
        };

        Codes(state).ShouldBe(["breakerOpen", "stepsLate"]);
        SystemFindings.Of(state).First().Message.ShouldBe("The SMS provider is failing: 503 Service Unavailable");
    }

    [Fact]
    public void Late_steps_and_long_doubts_are_found_beyond_their_limits()
    {
        Codes(Healthy() with { OldestDue = SystemFindings.LateSteps, OldestDoubt = SystemFindings.LongDoubt }).ShouldBeEmpty();
        Codes(Healthy() with { OldestDue = SystemFindings.LateSteps * 2, OldestDoubt = SystemFindings.LongDoubt * 2 })
            .ShouldBe(["stepsLate", "inDoubt"]);
    }

    [Fact]
    public void The_database_is_found_to_have_old_transactions_many_connections_or_many_dead_rows()
    {
        Codes(With(new DatabaseView(1, 80, 100, 300, 2_000_000), rows: 8_000_000)).ShouldBeEmpty();
        Codes(With(new DatabaseView(1, 81, 100, 301, 2_000_001), rows: 8_000_000))
            .ShouldBe(["longTransaction", "manyConnections", "deadTuples"]);
        // A small table that is updated quickly has many dead rows between two runs of autovacuum.
        Codes(With(new DatabaseView(1, 1, 100, 0, 999_999), rows: 1)).ShouldBeEmpty();
    }

    [Fact]
    public void Each_finding_says_what_to_do()
    {
        var state = With(new DatabaseView(1, 100, 100, 301, 2_000_000), rows: 0) with
        {
            OldestDue = TimeSpan.FromDays(2),
            OldestDoubt = TimeSpan.FromDays(2),
        };
        state = state with { View = state.View with { Nodes = [Node("gone", lanes: 8, seen: Now - TimeSpan.FromMinutes(2))] } };

        var findings = SystemFindings.Of(state).ToList();

        findings.Count.ShouldBe(7);
        findings.ShouldAllBe(finding => finding.Fix.Length > 20 && finding.Fix.EndsWith('.') && finding.Message.Length > 20);
    }

    private static string[] Codes(SystemState state) => [.. SystemFindings.Of(state).Select(finding => finding.Code)];

    private static NodeView Node(string id, int lanes, DateTimeOffset seen) =>
        new(id, lanes == 0 ? "api" : "worker", "1.0.0", lanes, 0, Now.AddDays(-1), seen);

    private static SystemState Healthy(params NodeView[] nodes) => With(new DatabaseView(1_000_000, 10, 100, 0.5, 100), 1_000, nodes);

    private static SystemState With(DatabaseView database, long rows, params NodeView[] nodes) =>
        new(
            new SystemView(
                Now,
                nodes.Length == 0 ? [Node("worker", lanes: 8, seen: Now)] : nodes,
                [],
                null,
                [new BreakerView("EMAIL", "closed", null, null, []), new BreakerView("SMS", "closed", null, null, [])],
                database,
                []
            ),
            new Dictionary<string, TimeSpan>(),
            rows,
            null,
            null
        );
}
