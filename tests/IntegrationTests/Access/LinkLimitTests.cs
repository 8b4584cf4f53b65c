using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Limits of unsubscribe links, which need no credential.</summary>
public sealed class LinkLimitTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly (string, string)[] Tight = [("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "12")];

    [Theory]
    [InlineData("/u/x")]
    [InlineData("/U/x")]
    public async Task Forged_unsubscribe_links_are_rate_limited_and_a_genuine_one_always_works(string wrong)
    {
        await using var program = await OwnProgram.Start(database, Tight);
        var link = await program.LinkOf(await program.As("alice"));

        var flood = await Repeat(30, _ => program.Anonymous.Get(wrong));
        var genuine = await Repeat(30, _ => program.Anonymous.Post(link));

        flood.ShouldContain(answer => (int)answer.Status == 429);
        genuine.ShouldAllBe(answer => (int)answer.Status == 200);
    }

    [Fact]
    public async Task Repeated_requests_for_one_link_are_limited_without_affecting_other_links()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var (link, other) = (await program.LinkOf(alice), await program.LinkOf(alice));
        other.ShouldNotBe(link);

        var flood = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => program.Anonymous.Post(link)));

        flood.ShouldContain(answer => (int)answer.Status == 429);
        flood.Count(answer => (int)answer.Status == 200).ShouldBeGreaterThanOrEqualTo(60);
        (await program.Anonymous.Post(other)).ShouldBe(200);
    }

    /// <summary>All requests wait for the lock of one instance. Without a limit a burst would hold all connections of the pool.</summary>
    [Fact]
    public async Task Requests_for_one_link_hold_few_sessions_and_are_all_answered()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var sequence = await alice.Sequence("""{"name":"n","steps":[{"type":"WAIT","delayDays":1}]}""");
        var instance = Guid.Parse((await alice.Enroll(sequence, "held@example.com")).Split('/')[^1]);
        var link = await program.LinkOf(alice, "held@example.com", instance: instance);
        await using var holder = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("SELECT 1 FROM instance WHERE id = $1 FOR UPDATE", holder);
        locking.Parameters.Add(new() { Value = instance });
        await locking.ExecuteNonQueryAsync();

        var burst = Enumerable.Range(0, 30).Select(_ => program.Anonymous.Post(link)).ToList();
        await Eventually.Holds(async () => await database.WaitingForLocks() >= 2, "two of them wait for the instance");
        var most = 0L;
        for (var n = 0; n < 30; n++)
        {
            (await program.Anonymous.Get("/health/ready")).ShouldBe(200);
            most = Math.Max(most, await database.WaitingForLocks());
        }

        await transaction.CommitAsync();
        most.ShouldBe(2);
        (await Task.WhenAll(burst)).ShouldAllBe(answer => (int)answer.Status == 200);
    }

    /// <summary>The decoder of base64url accepts blanks anywhere, and mail programs that wrap lines insert some.</summary>
    [Fact]
    public async Task All_spellings_of_a_genuine_link_share_one_limit()
    {
        await using var program = await OwnProgram.Start(database);
        var link = await program.LinkOf(await program.As("alice"));
        string[] blanks = ["%20", "%09", "%0A", "%20%20"];
        var spellings = Enumerable.Range("/u/".Length + 1, 100).SelectMany(i => blanks.Select(blank => link.Insert(i, blank)));

        var flood = await Task.WhenAll(spellings.Select(spelling => program.Anonymous.Post(spelling)));

        flood.ShouldContain(answer => (int)answer.Status == 200);
        flood.ShouldContain(answer => (int)answer.Status == 429);
    }

    [Fact]
    public async Task Preview_links_share_the_rate_limit_of_the_client_address()
    {
        await using var program = await OwnProgram.Start(database, Tight);
        var alice = await program.As("alice");
        var (inMail, first) = (await program.LinkOf(alice), await program.LinkOf(alice, isTrial: true));
        string[] trials = [first, .. await Repeat(5, i => program.LinkOf(alice, $"p{i}@example.com", isTrial: true))];

        var flood = await Repeat(30, i => program.Anonymous.Post(trials[i % trials.Length]));

        flood[0].ShouldBe(200).Text.ShouldContain("Nothing was changed");
        flood.ShouldContain(answer => (int)answer.Status == 429);
        (await program.Anonymous.Post(inMail)).ShouldBe(200).Text.ShouldContain("You are unsubscribed");
    }

    [Fact]
    public async Task A_preview_link_uses_no_database_connection()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var (inMail, trial) = (await program.LinkOf(alice), await program.LinkOf(alice, isTrial: true));
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        await using var server = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString
        );
        await Execute(server, $"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        try
        {
            await Execute(server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");

            (await program.Anonymous.Post(trial)).ShouldBe(200);
            (await program.Anonymous.Post(inMail)).ShouldBe(503);
        }
        finally
        {
            await Execute(server, $"ALTER DATABASE {name} ALLOW_CONNECTIONS true");
            database.DataSource.Clear();
        }
    }

    private static async Task Execute(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<T>> Repeat<T>(int times, Func<int, Task<T>> ask)
    {
        List<T> answers = [];
        for (var i = 0; i < times; i++)
        {
            answers.Add(await ask(i));
        }

        return answers;
    }
}
