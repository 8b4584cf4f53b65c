using FollowUp.Application.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Log;

/// <summary>A client that follows the log sees every event once, in any order of commits.</summary>
public sealed class FollowingTests(TestDatabase database) : EngineTest(database)
{
    private const int Bulk = 20_000;

    [Fact]
    public async Task A_follower_does_not_miss_an_event_that_commits_late()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Wait("P30D"));
        var first = await node.Enroll(sequence);
        var follower = new Follower(node);
        await using var slow = await SlowWriter.Begin(Database, first.Id);

        await node.Enroll(sequence);
        await follower.ReadAll();
        var before = follower.Seen.Count;
        await slow.Commit();
        await follower.ReadAll();

        before.ShouldBe(1);
        follower.Seen.ShouldBe(await Log());
    }

    [Fact]
    public async Task A_rolled_back_writer_no_longer_withholds_events()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Wait("P30D"));
        var first = await node.Enroll(sequence);
        var follower = new Follower(node);
        await using (await SlowWriter.Begin(Database, first.Id))
        {
            await node.Enroll(sequence);
        }

        await follower.ReadAll();

        follower.Seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_transaction_without_events_does_not_withhold_events()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Wait("P30D"));
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var unrelated = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var write = new NpgsqlCommand(
            "SELECT count(*) FROM follow_up_event; UPDATE app_user SET subject = subject",
            connection,
            unrelated
        );
        await write.ExecuteNonQueryAsync();
        var follower = new Follower(node);

        await node.Enroll(sequence);
        await follower.ReadAll();

        follower.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_follower_does_not_miss_events_loaded_with_disabled_triggers()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Wait("P30D"));
        var first = await node.Enroll(sequence);
        var follower = new Follower(node);
        await using var slow = await SlowWriter.Begin(Database, first.Id, "SET LOCAL session_replication_role = replica");

        await node.Enroll(sequence);
        await follower.ReadAll();
        await slow.Commit();
        await follower.ReadAll();

        follower.Seen.ShouldBe(await Log());
    }

    [Fact]
    public async Task A_follower_does_not_miss_events_written_after_a_savepoint_rollback()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Wait("P30D"));
        var first = await node.Enroll(sequence);
        var follower = new Follower(node);
        await using var slow = await SlowWriter.Begin(Database, first.Id, "SAVEPOINT s");
        await slow.Do("ROLLBACK TO s");
        await slow.Write();

        await node.Enroll(sequence);
        await follower.ReadAll();
        await slow.Commit();
        await follower.ReadAll();

        follower.Seen.ShouldBe(await Log());
    }

    [Fact]
    public async Task Followers_see_every_event_once_under_concurrent_writers()
    {
        var node = await Worker();
        var sequence = await node.Sequence(Steps.Email(), Steps.Wait("P30D"));
        var bulk = await node.Sequence(Steps.Wait("P30D"));
        var first = await node.Enroll(bulk);
        using var over = new CancellationTokenSource();
        Follower[] followers = [new(node), new(node, byCursor: true), new(node, limit: 7), new(node, filter: new(SequenceId: sequence))];
        var following = followers.Select(f => f.Follow(over.Token)).ToList();

        await Task.WhenAll([
            node.EnrollMany(bulk, Bulk),
            .. Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    for (var i = 0; i < 25; i++)
                    {
                        await node.Enroll(sequence);
                    }
                }),
            .. Enumerable
                .Range(0, 3)
                .Select(async n =>
                {
                    for (var i = 0; i < 5; i++)
                    {
                        await using var slow = await SlowWriter.Begin(Database, first.Id);
                        await node.Enroll(sequence);
                        if ((i + n) % 3 > 0)
                        {
                            await slow.Commit();
                        }
                    }
                }),
        ]);
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE step_type = 'EMAIL'") == 0,
            "all mails are sent"
        );
        await over.CancelAsync();
        await Task.WhenAll(following);

        var log = await Log();
        log.Count.ShouldBeGreaterThan(Bulk);
        foreach (var follower in followers)
        {
            await follower.ReadAll();
            follower.Seen.ShouldBe(follower.Filter.SequenceId is null ? log : await Log(sequence), follower.Name);
        }
    }

    /// <summary>The ids of all events, in the order of the log.</summary>
    private Task<List<Guid>> Log(SequenceId? sequence = null) =>
        Database.ReadAll<Guid>(
            "SELECT id FROM follow_up_event WHERE sequence_id = $1 OR $1 = '00000000-0000-0000-0000-000000000000' ORDER BY position",
            sequence?.Value ?? Guid.Empty
        );

    /// <summary>A client that stores only the last event that it has read, or the cursor.</summary>
    private sealed class Follower(TestNode node, bool byCursor = false, int limit = 200, EventFilter? filter = null)
    {
        private Guid? _last;
        private string? _cursor;

        public List<Guid> Seen { get; } = [];

        public EventFilter Filter { get; } = filter ?? new();

        public string Name => $"by {(byCursor ? "cursor" : "after")}, pages of {limit}, {Filter}";

        public async Task Follow(CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                await ReadAll();
                await Task.Yield();
            }
        }

        /// <summary>Reads on until the log has no more to show.</summary>
        public async Task ReadAll()
        {
            for (var more = true; more; )
            {
                var page = await node.Do(new ListEvents(Filter, _cursor is null ? _last : null, limit, _cursor));
                Seen.AddRange(page.Items.Select(e => e.Id));
                _last = page.Items.Count > 0 ? page.Items[^1].Id : _last;
                more = page.NextCursor is not null;
                _cursor = byCursor ? page.NextCursor : null;
            }
        }
    }
}
