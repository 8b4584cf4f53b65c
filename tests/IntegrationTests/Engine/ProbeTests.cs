using FollowUp.Application.Dispatch;
using FollowUp.Domain.Dispatch;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The search for a step with which an open breaker probes its provider.</summary>
public sealed class ProbeTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_probe_that_sends_nothing_lets_the_next_step_probe_at_once(bool wasExecuted)
    {
        var node = await Idle();
        var instance = await node.Enroll(await node.Sequence(Steps.Email()), "anna@example.com");
        await BreakerMayBeProbed();
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        if (wasExecuted)
        {
            await Database.Execute(
                """
                INSERT INTO suppression (id, owner_id, channel, address, reason, source, created_at)
                VALUES (gen_random_uuid(), $1, 'EMAIL', 'anna@example.com', 'manual', 'user', now())
                """,
                TestNode.Owner.Value
            );
            var probe = (await outbox.Claim(1, CancellationToken.None)).Steps.Single();
            probe.IsProbe.ShouldBeTrue();
            await node.Do(new ExecuteStep(probe));
        }
        else
        {
            // Found as the probe, and gone before it can be claimed.
            await using var connection = await Database.DataSource.OpenConnectionAsync();
            await using var holding = await connection.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("SELECT 1 FROM step_job FOR UPDATE", connection, holding))
            {
                await hold.ExecuteNonQueryAsync();
            }

            (await outbox.Claim(1, CancellationToken.None)).Steps.ShouldBeEmpty();
        }

        (await Breaker<bool>("open_until <= clock_timestamp()")).ShouldBeTrue("another step may be the probe");
        (await Breaker<int>("failures")).ShouldBe(5);
        SendGrid.Requests.ShouldBe(0);
        (await Breaker<string>("evidence::text")).ShouldContain(instance.Id.ToString());
    }

    [Fact]
    public async Task A_search_without_a_result_is_not_repeated_at_once()
    {
        var clock = new StandingClock();
        var node = await Idle(clock);
        await BreakerMayBeProbed();
        var breakers = node.Services.GetRequiredService<Breakers>();
        await using var connection = await Database.DataSource.OpenConnectionAsync();

        var nothing = await breakers.BeginProbe(connection, Channel.Email, CancellationToken.None);
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        var remembered = await breakers.BeginProbe(connection, Channel.Email, CancellationToken.None);
        clock.At = TimeSpan.FromSeconds(2);
        var found = await breakers.BeginProbe(connection, Channel.Email, CancellationToken.None);

        (nothing, remembered).ShouldBe((null, null));
        found!.Value.Value.ShouldBe(instance.Id);
    }

    [Fact]
    public async Task A_slow_search_is_not_repeated_for_twenty_times_its_duration()
    {
        var clock = new StandingClock { EachReadTakes = TimeSpan.FromSeconds(1) };
        var node = await Idle(clock);
        await BreakerMayBeProbed();
        var breakers = node.Services.GetRequiredService<Breakers>();
        await using var connection = await Database.DataSource.OpenConnectionAsync();

        await breakers.BeginProbe(connection, Channel.Email, CancellationToken.None);
        clock.EachReadTakes = TimeSpan.Zero;
        await node.Enroll(await node.Sequence(Steps.Email()));
        clock.At += TimeSpan.FromSeconds(19);
        var within = await breakers.BeginProbe(connection, Channel.Email, CancellationToken.None);
        clock.At += TimeSpan.FromSeconds(2);
        var after = await breakers.BeginProbe(connection, Channel.Email, CancellationToken.None);

        within.ShouldBeNull();
        after.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_failed_search_is_not_repeated_at_once()
    {
        var clock = new StandingClock();
        var node = await Idle(clock);
        await BreakerMayBeProbed();
        await node.Enroll(await node.Sequence(Steps.Email()));
        var breakers = node.Services.GetRequiredService<Breakers>();
        await using var blocking = await Database.DataSource.OpenConnectionAsync();
        await using var block = await blocking.BeginTransactionAsync();
        await Run(blocking, "LOCK TABLE step_job IN ACCESS EXCLUSIVE MODE");
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await Run(connection, "SET lock_timeout = '10ms'");

        await Should.ThrowAsync<PostgresException>(() => breakers.BeginProbe(connection, Channel.Email, CancellationToken.None));
        await block.RollbackAsync();
        var within = await breakers.BeginProbe(connection, Channel.Email, CancellationToken.None);
        clock.At += TimeSpan.FromSeconds(2);
        var after = await breakers.BeginProbe(connection, Channel.Email, CancellationToken.None);

        within.ShouldBeNull();
        after.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(Channel.Sms, Channel.Email, 100)]
    [InlineData(Channel.Email, Channel.Sms, 100)]
    [InlineData(Channel.Sms, Channel.Sms, 2_500)] // All to an address that was tried: it looks at a thousand.
    public async Task A_search_does_not_read_an_owners_whole_queue(Channel searched, Channel queued, long most)
    {
        var node = await Idle();
        await node.EnrollMany(await node.Sequence(queued == Channel.Sms ? Steps.Sms() : Steps.Email()), 5_000);
        await Database.Execute("UPDATE instance SET phone = '+4915112345678'");
        var tried = new Probe(TestNode.Owner, new InstanceId(await Database.Read<Guid>("SELECT id FROM instance LIMIT 1")));
        var breaker = CircuitBreaker.Closed.Probing(tried, TimeSpan.FromSeconds(1), DateTimeOffset.UtcNow);
        await using var connection = await node.Services.GetRequiredService<EngineDatabase>().Connections.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();

        var found = await Probes.Next(connection, searched, breaker, CancellationToken.None);

        (found is { IsNewRound: true }).ShouldBe(searched == queued);
        await using var read = new NpgsqlCommand(
            "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = 'step_job'",
            connection
        );
        ((long)(await read.ExecuteScalarAsync())!).ShouldBeLessThan(most);
    }

    [Fact]
    public async Task A_search_holds_no_lock_and_does_not_take_a_probe_that_another_node_took()
    {
        var (node, other) = (await Idle(), await Idle());
        var sequence = await node.Sequence(Steps.Email());
        await node.Enroll(sequence);
        await node.Enroll(sequence);
        await BreakerMayBeProbed();
        await using var blocking = await Database.DataSource.OpenConnectionAsync();
        await using var block = await blocking.BeginTransactionAsync();
        await Run(blocking, "LOCK TABLE step_job IN ACCESS EXCLUSIVE MODE");
        await using var connection = await Database.DataSource.OpenConnectionAsync();

        var searching = node.Services.GetRequiredService<Breakers>().BeginProbe(connection, Channel.Email, CancellationToken.None);
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 0, "the search is under way");
        // Fails when the row is locked.
        await Database.Execute("SELECT 1 FROM channel_breaker WHERE channel = 'EMAIL' FOR UPDATE NOWAIT");
        await Run(blocking, "SELECT 1 FROM channel_breaker WHERE channel = 'EMAIL' FOR UPDATE");
        await using var second = await Database.DataSource.OpenConnectionAsync();
        var alsoSearching = other.Services.GetRequiredService<Breakers>().BeginProbe(second, Channel.Email, CancellationToken.None);
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 1, "both search");
        await block.CommitAsync();

        var taken = await Task.WhenAll(searching, alsoSearching);
        taken.Count(instance => instance is not null).ShouldBe(1);
    }

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private Task<int> BreakerMayBeProbed() =>
        Database.Execute("UPDATE channel_breaker SET failures = 5, trips = 1, open_until = now() WHERE channel = 'EMAIL'");

    /// <summary>A monotonic clock that only the test moves.</summary>
    private sealed class StandingClock : TimeProvider
    {
        public TimeSpan At { get; set; }

        public TimeSpan EachReadTakes { get; set; }

        public override long GetTimestamp() => (long)((At += EachReadTakes).TotalSeconds * TimestampFrequency);
    }

    private Task<T> Breaker<T>(string column) => Database.Read<T>($"SELECT {column} FROM channel_breaker WHERE channel = 'EMAIL'");
}
