using FollowUp.Application.Behaviors;
using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Connections that break at critical moments, and failovers to another server.</summary>
public sealed class LostConnectionTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task A_command_whose_commit_gets_no_answer_runs_once(Moment moment)
    {
        await using var proxy = new PostgresProxy(Server.Port);
        var cuts = 0;
        var node = await Idle(Through(proxy));
        var sequence = await node.Sequence(Steps.WaitDays(1));
        proxy.Statement = (at, sql) =>
            at == moment && sql.StartsWith("COMMIT", StringComparison.Ordinal) && Interlocked.Increment(ref cuts) == 1;

        var enrolled = await node.Enroll(sequence);

        cuts.ShouldBeGreaterThan(0);
        (await Database.ReadAll<Guid>("SELECT id FROM instance")).ShouldBe([enrolled.Id]);
        (await Story(node, enrolled.Id)).ShouldBe(["enrolled"]);
    }

    [Theory]
    [InlineData("set_config('followup.leased'")]
    [InlineData("FROM channel_breaker WHERE failures > 0")]
    public async Task Steps_of_a_claim_whose_answer_was_lost_are_released_and_not_in_doubt(string cutAfter)
    {
        await using var proxy = new PostgresProxy(Server.Port);
        var cuts = 0;
        var node = await Idle(Through(proxy));
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        proxy.Statement = (at, sql) =>
            at == Moment.After && sql.Contains(cutAfter, StringComparison.Ordinal) && Interlocked.Increment(ref cuts) == 1;

        await node.Start();

        // The lease is a minute, so the sweep cannot be the one that releases the step.
        await node.Becomes(instance.Id, "COMPLETED");
        cuts.ShouldBeGreaterThan(0);
        SendGrid.Requests.ShouldBe(1);
        (await Database.Read<int>("SELECT max(number) FROM attempt")).ShouldBe(2, "the lost claim counts as a claim");
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "EMAIL sent", "completed"]);
    }

    [Fact]
    public async Task A_write_back_whose_answer_was_lost_is_not_written_twice()
    {
        await using var proxy = new PostgresProxy(Server.Port);
        var cuts = 0;
        var node = await Idle(Through(proxy));
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.Email()));
        proxy.Statement = (at, sql) =>
            at == Moment.After && sql.Contains("AS written,", StringComparison.Ordinal) && Interlocked.Increment(ref cuts) == 1;

        await node.Start();

        await node.Becomes(instance.Id, "COMPLETED");
        cuts.ShouldBeGreaterThan(0);
        SendGrid.Requests.ShouldBe(2);
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "EMAIL sent", "EMAIL sent", "completed"]);
    }

    [Fact]
    public async Task A_half_open_database_connection_blocks_a_node_no_longer_than_its_timeout()
    {
        // river#1255: a fetch without a timeout hung a producer indefinitely.
        await using var proxy = new PostgresProxy(Server.Port);
        var (name, connection) = Through(proxy);
        var node = await Worker((name, new NpgsqlConnectionStringBuilder(connection) { CommandTimeout = 1 }.ConnectionString));
        var direct = await Idle();
        var sequence = await direct.Sequence(Steps.Email());
        await node.Becomes((await direct.Enroll(sequence)).Id, "COMPLETED");

        proxy.HalfOpen();
        var instance = await direct.Enroll(sequence);

        await direct.Becomes(instance.Id, "COMPLETED");
        SendGrid.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_lost_within_a_unit_of_work_rolls_it_back_and_runs_it_again()
    {
        // If the loss is ignored, EF Core opens a new connection, where each statement is committed by itself.
        var node = await Idle();
        await using var scope = node.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FollowUpDbContext>();
        var runs = 0;

        await scope
            .ServiceProvider.GetRequiredService<ITransactions>()
            .Run(
                async () =>
                {
                    await db.Database.ExecuteSqlAsync($"INSERT INTO commit_proof (id) VALUES ({Guid.Empty})");
                    if (++runs == 1)
                    {
                        await Should.ThrowAsync<PostgresException>(() =>
                            db.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend(pg_backend_pid())")
                        );
                    }

                    return true;
                },
                answer => answer,
                CancellationToken.None
            );

        runs.ShouldBe(2);
        (await Database.Read<long>("SELECT count(*) FROM commit_proof WHERE id = '00000000-0000-0000-0000-000000000000'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_unit_of_work_uses_no_savepoints()
    {
        List<string> statements = [];
        await using var proxy = new PostgresProxy(Server.Port);
        var node = await Idle(Through(proxy));
        var sequence = await node.Sequence(Steps.Email());
        proxy.Statement = (_, sql) =>
        {
            lock (statements)
            {
                statements.Add(sql);
            }

            return false;
        };

        await node.Enroll(sequence);

        statements.ShouldContain(sql => sql.Contains("INSERT INTO commit_proof", StringComparison.Ordinal));
        statements.ShouldNotContain(sql => sql.Contains("SAVEPOINT", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_commit_record_and_not_the_transaction_id_decides_whether_a_transaction_committed()
    {
        var node = await Idle();
        var commits = node.Services.GetRequiredService<CommitOutcomeResolver>();
        await using var scope = node.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FollowUpDbContext>();
        CommitMarker committed;
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            committed = await Ticket(db);
            await transaction.CommitAsync();
        }

        (await commits.FateOf(committed)).ShouldBe(CommitOutcome.Committed);
        (await commits.FateOf(committed with { Timeline = "000000FE" })).ShouldBe(CommitOutcome.Committed);
        (await commits.FateOf(committed with { Xid = committed.Xid + 1_000_000 })).ShouldBe(CommitOutcome.Committed);
        // A crashed server has assigned the transaction id again: it is committed, but by another transaction.
        (await commits.FateOf(committed with { Proof = Guid.CreateVersion7() })).ShouldBe(CommitOutcome.NotCommitted);
    }

    [Fact]
    public async Task A_transaction_that_the_server_is_still_executing_is_awaited_and_not_terminated()
    {
        // Like a commit that waits for its synchronous standby: a repetition now would do its work twice.
        var node = await Idle();
        var commits = node.Services.GetRequiredService<CommitOutcomeResolver>();
        await using var scope = node.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FollowUpDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var ticket = await Ticket(db);
        var atWork = db.Database.ExecuteSqlAsync($"SELECT pg_sleep(1); COMMIT");
        await Eventually.Holds(
            async () =>
                await Database.Read<bool>(
                    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND backend_xid = $1::text::xid8::xid)",
                    ticket.Xid.ToString()
                ),
            "it is at work"
        );

        var fate = await commits.FateOf(ticket);

        fate.ShouldBe(CommitOutcome.Committed);
        await atWork;
    }

    [Fact]
    public async Task A_foreign_session_with_the_same_process_id_on_a_new_primary_is_not_terminated()
    {
        var node = await Idle();
        var commits = node.Services.GetRequiredService<CommitOutcomeResolver>();
        await using var scope = node.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FollowUpDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var ticket = await Ticket(db);

        var fate = await commits.FateOf(ticket with { Timeline = "000000FE" });

        fate.ShouldBe(CommitOutcome.NotCommitted);
        await transaction.CommitAsync();
    }

    [Fact]
    public async Task A_missing_primary_is_a_transient_outage()
    {
        // The only host is a primary, and a standby is requested: for the driver this equals standbys without a primary.
        await using var hosts = new NpgsqlDataSourceBuilder(Database.ConnectionString).BuildMultiHost();
        var source = hosts.WithTargetSession(TargetSessionAttributes.Standby);

        var failure = await Should.ThrowAsync<NpgsqlException>(async () => await source.OpenConnectionAsync());

        failure.InnerException.ShouldBeNull();
        PostgresFailures.IsTransient(failure).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Host=a,b;Database=f", 4, 3)]
    [InlineData("Host=a,b;Database=f;Host Recheck Seconds=10;Timeout=15", 10, 15)]
    [InlineData("Host=a;Database=f", 10, 15)]
    public void With_several_hosts_a_new_primary_is_found_within_seconds(string given, int recheck, int timeout)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:FollowUp", given)]).Build();

        var connection = DataSource.Check(settings);

        (connection.HostRecheckSeconds, connection.Timeout).ShouldBe((recheck, timeout));
    }

    private NpgsqlConnectionStringBuilder Server => new(Database.ConnectionString);

    private (string, string) Through(PostgresProxy proxy) =>
        (
            "ConnectionStrings:FollowUp",
            new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString
        );

    private static Task<CommitMarker> Ticket(FollowUpDbContext db)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        return CommitOutcomeResolver.Ticket(connection, connection.ProcessID, CancellationToken.None);
    }
}
