using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Concurrent calls that add or lift one address get the responses of some serial order.</summary>
public sealed class SuppressionRaceTests(TestProgram program) : ApiTest(program)
{
    private const string Kim = """{"address":"kim@example.org"}""";

    [Fact]
    public async Task Of_concurrent_calls_that_add_an_address_one_creates_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Alice.Post("/api/suppressions", Kim)));

        answers.Select(answer => (int)answer.Status).Order().ShouldBe([.. Enumerable.Repeat(200, 7), 201]);
        answers.Select(answer => answer.Id).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Adding_an_address_during_its_lifting_returns_the_previous_suppression()
    {
        var there = (await Alice.Post("/api/suppressions", Kim)).ShouldBe(201).Id;
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        // Each INSERT waits at its end until the lock is released.
        await Database.Execute(
            """
            CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NULL; END $$;
            CREATE TRIGGER stop_here AFTER INSERT ON suppression FOR EACH STATEMENT EXECUTE FUNCTION stop_here();
            """
        );
        try
        {
            await using (var hold = connection.CreateCommand())
            {
                hold.CommandText = "SELECT pg_advisory_xact_lock(77)";
                await hold.ExecuteNonQueryAsync();
            }

            var adding = Alice.Post("/api/suppressions", Kim);
            await Eventually.Holds(async () => await Database.WaitingForLocks() == 1, "the call that adds is stopped");
            var lifting = Alice.Delete($"/api/suppressions/{there}?reason=test");
            await Eventually.Holds(
                async () => lifting.IsCompleted || await Database.WaitingForLocks() == 2,
                "the call that lifts is through, or waits for the other one"
            );
            await holding.RollbackAsync();

            (await adding).ShouldBe(200).Id.ShouldBe(there);
            (await lifting).ShouldBe(204);
        }
        finally
        {
            await Database.Execute("DROP TRIGGER stop_here ON suppression; DROP FUNCTION stop_here();");
        }
    }
}
