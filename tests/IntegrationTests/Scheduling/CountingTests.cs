using FollowUp.Application.Quotas;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Infrastructure.Quotas;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Scheduling;

/// <summary>Counting an owner's due follow-ups may take long. Meanwhile only that owner's steps wait.</summary>
public sealed class CountingTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Counting_the_follow_ups_of_one_owner_does_not_block_slots_of_others()
    {
        await using var proxy = new PostgresProxy(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        using var counted = new ManualResetEventSlim();
        var counts = 0;
        // The first count is the one owner's, who is alone until then.
        proxy.Statement = (at, sql) =>
        {
            if (at == Moment.Before && sql.Contains("AND NOT is_first)") && Interlocked.Increment(ref counts) == 1)
            {
                counted.Wait();
            }

            return false;
        };
        var node = await Idle(Through(proxy), ("Dispatcher:Lanes", "32"));
        await node.Do(new SetLimits(null, 1_000, null, null, null));
        var other = await node.Sequence(Steps.Email("other"));
        await node.EnrollMany(other, 3);
        await GiveToAnotherUser(other);
        await Database.Execute(
            "INSERT INTO send_limit SELECT (jsonb_populate_record(l, jsonb_build_object('owner_id', s.owner_id))).* FROM send_limit l, sequence s WHERE s.id = $1",
            other.Value
        );
        await Database.Execute("UPDATE step_job SET due_at = now() + interval '1 hour'");
        await node.EnrollMany(await node.Sequence(Steps.Email("counted")), 16);
        await node.Start();
        try
        {
            await Eventually.Holds(() => Task.FromResult(Volatile.Read(ref counts) > 0), "a count is under way");
            await Database.Execute("UPDATE step_job SET due_at = now() WHERE sequence_id = $1", other.Value);

            await Eventually.Holds(
                () => Task.FromResult(SendGrid.Accepted.Count(mail => mail.Subject == "other") == 3),
                "the other owner's mails are sent"
            );
            SendGrid.Accepted.ShouldAllBe(mail => mail.Subject == "other");
        }
        finally
        {
            counted.Set();
        }

        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Count == 19), "the others follow when they are counted");
    }

    [Fact]
    public async Task A_failed_count_is_no_longer_marked_as_running()
    {
        var node = await Idle();
        var queues = node.Services.GetRequiredService<SendBacklog>();
        await using var closed = new NpgsqlConnection(Database.ConnectionString);
        await using var open = await node.Services.GetRequiredService<EngineDatabase>().Connections.OpenConnectionAsync();

        // More often than counts may run at once.
        for (var n = 0; n < 10; n++)
        {
            await Should.ThrowAsync<InvalidOperationException>(() =>
                queues.FollowUpsDue(closed, TestNode.Owner, notBefore: null, CancellationToken.None)
            );
        }

        (await queues.FollowUpsDue(open, TestNode.Owner, notBefore: null, CancellationToken.None)).ShouldBe(0);
        (await queues.CountFollowUpsDue(open, TestNode.Owner, CancellationToken.None)).ShouldBe(0);
    }

    private (string, string) Through(PostgresProxy proxy) =>
        (
            "ConnectionStrings:FollowUp",
            new NpgsqlConnectionStringBuilder(Database.ConnectionString)
            {
                Port = proxy.Port,
                SslMode = SslMode.Disable,
                GssEncryptionMode = GssEncryptionMode.Disable,
            }.ConnectionString
        );
}
