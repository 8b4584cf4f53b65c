using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Access;

/// <summary>The state of the installation, as operators see it.</summary>
public sealed class SystemTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const string OneMail = """{"name":"n","steps":[{"type":"EMAIL","subject":"s","body":"b"}]}""";

    public Task InitializeAsync() => database.Empty();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Operators_see_nodes_until_they_stop_and_a_node_that_was_killed()
    {
        await using var program = await Start();
        var operates = await program.As("op");
        await using (await OwnProgram.Start(database, ("Role", "all"), ("Dispatcher:Lanes", "5")))
        {
            await Eventually.Holds(async () => (await Nodes(operates)).Count == 2, "both nodes report");
            (await Nodes(operates))
                .Select(node => (node["role"]!.ToString(), node["lanes"]!.GetValue<int>()))
                .ShouldBe([("api", 0), ("all", 5)], ignoreOrder: true);
            (await Findings(operates)).ShouldNotContain("noWorker");
        }

        await Eventually.Holds(async () => (await Nodes(operates)).Count == 1, "a node that stops is not missed");
        (await Findings(operates)).ShouldBe(["noWorker"]);
        await database.Execute(
            """
            INSERT INTO node (id, role, version, lanes, busy, lag, clock_ahead, started_at, seen_at)
            VALUES ('gone', 'worker', '1', 8, 0, '{}', '0', now(), now() - interval '1 minute')
            """
        );
        await Eventually.Holds(async () => (await Nodes(operates)).Count == 2, "it is at most 2 s old");
        (await Findings(operates)).ShouldBe(["noWorker", "nodeMissing"]);
    }

    [Fact]
    public async Task Breakers_have_their_transitions_and_the_queue_its_counts()
    {
        await using var sendGrid = await FakeSendGrid.Start();
        await using var program = await Start(
            ("Role", "all"),
            ("Email:Provider", "sendgrid"),
            ("SendGrid:ApiKey", sendGrid.ApiKey),
            ("SendGrid:BaseUrl", sendGrid.Url),
            ("Dispatcher:PollInterval", "50ms")
        );
        var operates = await program.As("op");
        await sendGrid.Down();
        var sequence = await operates.Sequence(OneMail);
        for (var i = 0; i < 20; i++)
        {
            await operates.Enroll(sequence, $"{i}@example{i}.com");
        }

        await Eventually.Holds(async () => (await Findings(operates)).Contains("breakerOpen"), "the provider is down");
        var breaker = (await System(operates))["breakers"]!.AsArray().Single(b => b!["channel"]!.ToString() == "EMAIL")!;
        breaker["state"]!.ToString().ShouldBe("open");
        breaker["history"]!.AsArray().Last()!["state"]!.ToString().ShouldBe("opened");
        breaker["history"]!.AsArray().Last()!["cause"]!.ToString().ShouldNotBeEmpty();

        await Eventually.Holds(
            async () => (await System(operates))["queue"]!.AsArray().Sum(count => count!["count"]!.GetValue<long>()) == 20,
            "the queue is counted"
        );
        await sendGrid.Up();
        await database.Execute("UPDATE channel_breaker SET open_until = now() WHERE channel = 'EMAIL'");
        await Eventually.Holds(
            async () => (await System(operates))["breakers"]![0]!["history"]![0]!["state"]!.ToString() == "closed",
            "the provider responds again"
        );
    }

    [Fact]
    public async Task The_database_is_described_and_a_late_step_found()
    {
        await using var program = await Start();
        var operates = await program.As("op");
        await operates.Enroll(await operates.Sequence(OneMail));
        await database.Execute("UPDATE step_job SET due_at = now() - interval '2 minutes'");

        await Eventually.Holds(async () => (await Findings(operates)).Contains("stepsLate"), "it is at most 2 s old");

        (await Findings(operates)).ShouldBe(["noWorker", "stepsLate"]);
        var described = (await System(operates))["database"]!;
        described["bytes"]!.GetValue<long>().ShouldBeGreaterThan(1_000_000);
        described["connections"]!.GetValue<int>().ShouldBeInRange(1, described["mostConnections"]!.GetValue<int>());
        described["deadTuples"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(0);
    }

    /// <summary>A program of which a test may ask as often as it likes.</summary>
    private Task<OwnProgram> Start(params (string Key, string Value)[] settings) =>
        OwnProgram.Start(database, [("RateLimit:Burst", "100000"), .. settings]);

    private static async Task<JsonNode> System(Client operates) => (await operates.Get("/api/system")).ShouldBe(200).Json;

    private static async Task<List<JsonNode>> Nodes(Client operates) =>
        [.. (await System(operates))["nodes"]!.AsArray().Select(node => node!)];

    private static async Task<string[]> Findings(Client operates) =>
        [.. (await System(operates))["findings"]!.AsArray().Select(finding => finding!["code"]!.ToString())];
}
