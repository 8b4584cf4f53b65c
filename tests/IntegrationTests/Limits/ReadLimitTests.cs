using System.Text.Json;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>A program whose queries and queues of reads are short.</summary>
public sealed class ShortQueues : TestProgram
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Role"] = "api",
            ["RateLimit:ListsWaiting"] = "3",
            ["Database:QueryTimeout"] = "3s",
        };
}

/// <summary>Limits of concurrent reads per caller, of the duration of a query, and of the size of a preview.</summary>
[Collection(nameof(AllocationBudgets))]
public sealed class ReadLimitTests(ShortQueues program) : ApiTest(program), IClassFixture<ShortQueues>
{
    [Fact]
    public async Task At_most_two_reads_of_a_caller_run_concurrently_and_excess_reads_are_rejected()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (var hold = connection.CreateCommand())
        {
            hold.CommandText = "LOCK TABLE sequence, instance, follow_up_event IN ACCESS EXCLUSIVE MODE";
            await hold.ExecuteNonQueryAsync();
        }

        string[] paths = ["/api/sequences", "/api/instances", "/api/events", $"{sequence}/versions", $"{sequence}/stats"];
        var accepted = paths.Select(path => Alice.Get(path)).ToList();
        await Eventually.Holds(async () => await ReadsWaiting() == 2, "two of them wait for the tables");
        var beyond = Enumerable.Range(0, 3).Select(_ => Alice.Get("/api/instances")).ToList();
        var refused = await await Task.WhenAny(beyond);
        var waiting = await ReadsWaiting();
        await holding.RollbackAsync();

        refused.ShouldBe(429).Headers.RetryAfter.ShouldNotBeNull();
        waiting.ShouldBe(2);
        foreach (var answer in await Task.WhenAll([.. accepted, .. beyond]))
        {
            ((int)answer.Status).ShouldBeOneOf(200, 429, 503);
        }

        (await Alice.Get("/api/sequences")).ShouldBe(200);
    }

    [Fact]
    public async Task A_too_slow_query_is_cancelled_with_503_queryTimeout()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (var hold = connection.CreateCommand())
        {
            hold.CommandText = "LOCK TABLE sequence, instance IN ACCESS EXCLUSIVE MODE";
            await hold.ExecuteNonQueryAsync();
        }

        foreach (var path in (string[])["/api/instances", "/api/sequences", $"/api/sequences/{Guid.NewGuid()}/stats"])
        {
            var late = (await Alice.Get(path)).ShouldBe(503);
            late.Code.ShouldBe("queryTimeout");
            late.Headers.RetryAfter.ShouldNotBeNull();
        }

        await holding.RollbackAsync();
        (await Alice.Get("/api/instances")).ShouldBe(200);
    }

    /// <summary>The statements of an export run while its response is written; nothing may be written before the first of them.</summary>
    [Theory]
    [InlineData("/api/suppressions", "text/csv", "suppression")]
    [InlineData("/api/events", "text/csv", "message")]
    [InlineData("/api/events", "application/x-ndjson", "message")]
    public async Task An_export_with_a_too_slow_first_page_is_503_queryTimeout(string path, string accept, string table)
    {
        await Alice.Enroll(await Alice.Sequence(MinimalSequence));
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (var hold = connection.CreateCommand())
        {
            hold.CommandText = $"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE";
            await hold.ExecuteNonQueryAsync();
        }

        var late = (await Alice.Get(path, ("Accept", accept))).ShouldBe(503);
        await holding.RollbackAsync();

        late.Code.ShouldBe("queryTimeout");
        late.Headers.RetryAfter.ShouldNotBeNull();
        (await Alice.Get(path, ("Accept", accept))).ShouldBe(200);
    }

    [Fact]
    public async Task A_preview_that_exceeds_its_total_size_names_the_step_at_which_it_ended()
    {
        var grow = "{% assign a = \"y\" %}" + string.Concat(Enumerable.Repeat("{% assign a = a | append: a %}", 12));
        var steps = Enumerable
            .Range(0, 50)
            .Select(_ => new
            {
                type = "EMAIL",
                subject = "s",
                body = $"{grow}{{% for i in (1..120) %}}<p>{{{{ a }}}}</p>{{% endfor %}}",
            });

        Answer preview = null!;
        var allocated = await Budget.Allocated(async () =>
            preview = await (await As("previewer")).Post(
                "/api/preview",
                JsonSerializer.Serialize(new { steps, recipient = new { email = "a@b.de" } })
            )
        );

        preview.ShouldBe(400).Fields.Single().ShouldMatch(@"^steps\[\d+\]\.body$");
        preview.Text.Length.ShouldBeLessThan(2_000);
        allocated.ShouldBeLessThan(500 * Budget.Megabyte);
    }

    [Fact]
    public async Task A_preview_assumes_at_most_50_skipped_steps()
    {
        var skipped = Enumerable.Repeat(-1, 300_000);

        var preview = await Alice.Post(
            "/api/preview",
            JsonSerializer.Serialize(
                new
                {
                    steps = new[] { new { type = "EMAIL" } },
                    recipient = new { email = "a@b.de" },
                    assume = new { skipped },
                }
            )
        );

        preview.ShouldBe(400).Fields.ShouldBe(["assume.skipped"]);
        preview.Text.Length.ShouldBeLessThan(1_000);
    }

    /// <summary>Sessions of this test's reads that wait: the engine's own statements, which wait for the tables too, read no page.</summary>
    private Task<long> ReadsWaiting() =>
        Database.Read<long>(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'owner_id' AND query !~ 'UPDATE|DELETE|claimable'
            """
        );
}
