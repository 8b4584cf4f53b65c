using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>The changes of one caller, which wait for the lock of a row with a connection each, leave connections to other callers.</summary>
public sealed class WriteLimitTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string MinimalSequence = """{"name":"Offer","steps":[{"type":"WAIT","delayDays":3},{"type":"EMAIL"}]}""";

    [Fact]
    public async Task Changes_that_wait_for_a_locked_row_leave_connections_to_other_users_and_excess_changes_are_rejected()
    {
        await using var program = await OwnProgram.Start(
            database,
            ("ConnectionStrings:FollowUp", $"{database.ConnectionString};Maximum Pool Size=4"),
            ("RateLimit:WritesAtOnce", "2"),
            ("RateLimit:WritesWaiting", "5")
        );
        var (alice, bob) = (await program.As("alice"), await program.As("bob"));
        var key = (await bob.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Json["key"]!.ToString();
        var sequence = await alice.Sequence(MinimalSequence);
        var instance = await alice.Enroll(sequence);
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = connection.CreateCommand())
        {
            hold.CommandText = $"SELECT 1 FROM instance WHERE id = '{instance}' FOR UPDATE";
            await hold.ExecuteNonQueryAsync();
        }

        var burst = Enumerable.Range(0, 10).Select(_ => alice.Post($"/api/instances/{instance}/pause")).ToList();
        await Eventually.Holds(async () => await database.WaitingForLocks() == 2, "two changes wait for the instance");
        await Eventually.Holds(() => Task.FromResult(burst.Count(answer => answer.IsCompleted) == 3), "three are beyond the queue");
        var refused = burst.Where(answer => answer.IsCompleted).Select(answer => answer.Result).ToList();
        var ofBob = await program.With("X-Api-Key", key).Get("/api/me");
        var ready = await program.Anonymous.Get("/health/ready");
        var waiting = await database.WaitingForLocks();
        await transaction.CommitAsync();

        ofBob.ShouldBe(200);
        ready.ShouldBe(200);
        waiting.ShouldBe(2);
        refused.ShouldAllBe(answer => (int)answer.Status == 429 && answer.Headers.RetryAfter != null);
        // The first one pauses the instance, and the others find it paused.
        var served = (await Task.WhenAll(burst)).Select(answer => (int)answer.Status).Where(status => status != 429).Order();
        served.ShouldBe([200, 409, 409, 409, 409, 409, 409]);
    }
}
