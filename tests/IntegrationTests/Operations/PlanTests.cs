using System.Text.RegularExpressions;
using FollowUp.Application.Accounts;
using FollowUp.Application.Instances;
using FollowUp.Application.Operations;
using FollowUp.Application.Suppressions;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>
/// How PostgreSQL carries out the statements of operations and lists on large tables. <c>auto_explain</c> writes the plan of each statement that a
/// use case really runs, with its real parameters, into the server's log.
/// </summary>
public sealed partial class PlanTests(TestDatabase database) : EngineTest(database)
{
    /// <summary>The most rows that a statement may sort: a batch, and never an owner's whole queue.</summary>
    private const int MostSorted = 1_000;

    private const int Mine = 3_000;

    [Fact]
    public async Task Batches_of_operations_read_large_tables_by_an_index()
    {
        var (node, sequence) = await Large();

        await ShouldUseIndexes("reschedule", async () => await node.RunBatch(await Begin("reschedule", sequence), 100));
        await ShouldUseIndexes("applyLimits", async () => await node.RunBatch(await Begin("applyLimits", null), 100));
        await Database.Execute(
            "UPDATE step_job SET state = 'parked', park_reason = 'sequenceDisabled', parked_at = now() WHERE sequence_id = $1",
            sequence.Value
        );
        await Database.Execute("ANALYZE step_job");
        await ShouldUseIndexes("releaseParked", async () => await node.RunBatch(await Begin("releaseParked", sequence), 100));
        await Database.Execute("UPDATE sequence SET deleted_at = now() WHERE id = $1", sequence.Value);
        await ShouldUseIndexes("deleteSequence", async () => await node.RunBatch(await Begin("deleteSequence", sequence), 100));
    }

    [Fact]
    public async Task Each_filter_of_instances_reads_large_tables_by_an_index_in_lists_and_actions()
    {
        var (node, sequence) = await Large();
        InstanceFilter[] filters =
        [
            new() { SequenceId = sequence.Value },
            new() { SequenceId = sequence.Value, Status = "ACTIVE" },
            new() { Status = "ACTIVE" },
            new() { Email = "anna@example.com" },
            new() { Attention = "true" },
            new() { Attention = "late" },
            new() { Step = 0 },
            new() { Version = 1 },
            new() { StopReason = "goal" },
            new() { DueBefore = DateTimeOffset.UtcNow },
            new() { Q = "anna" },
            new() { Variant = "short" },
            new() { Variant = "rare" },
        ];
        foreach (var filter in filters)
        {
            await ShouldUseIndexes($"list {filter}", () => node.Do(new ListInstances(filter, null, null)));
            await ShouldUseIndexes($"due {filter}", () => node.Do(new ListInstances(filter, null, null, ListInstances.NextDue)));
            var id = (await node.Do(new ActOnInstances(new() { Action = "pause", Filter = filter }))).Id;
            await ShouldUseIndexes($"act {filter}", () => node.RunBatch(id, 100));
            await Database.Execute("DELETE FROM operation");
        }
    }

    [Fact]
    public async Task Lists_of_suppressions_operations_and_users_read_by_an_index()
    {
        var (node, _) = await Large();

        await ShouldUseIndexes("suppressions", () => node.Do(new ListSuppressions(new(null, null, null), null, null)));
        await ShouldUseIndexes("suppressions q", () => node.Do(new ListSuppressions(new(null, null, "r77"), null, null)));
        await ShouldUseIndexes("operations", () => node.Do(new ListOperations(null, null, null)));
        await ShouldUseIndexes("users", () => node.Do(new ListUsers(null, null, null, null)));
    }

    /// <summary>Tables in which a tenth of the rows belongs to the user of the test.</summary>
    private async Task<(TestNode, SequenceId)> Large()
    {
        var name = await Database.Read<string>("SELECT current_database()::text");
        await Database.Execute(
            $"""
            ALTER DATABASE {name} SET session_preload_libraries = 'auto_explain';
            ALTER DATABASE {name} SET auto_explain.log_min_duration = 0;
            """
        );
        var node = await Idle();
        var (mine, theirs) = (await node.Sequence(Steps.Email(), Steps.WaitDays(1)), await node.Sequence(Steps.Email(), Steps.WaitDays(1)));
        await node.EnrollMany(mine, Mine);
        await node.EnrollMany(theirs, 9 * Mine);
        await BelongsToSomebodyElse(theirs);
        await Database.Execute(
            """
            UPDATE instance SET name = 'Name ' || right(email, 30);
            SET session_replication_role = replica;
            INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, sent_at,
                                         previous_hash, hash)
            SELECT gen_random_uuid(), owner_id, instance_id, sequence_id, version, number + 100, 1, 'EMAIL', 'sent',
                   json_build_object('variant', CASE WHEN n % 500 = 0 THEN 'rare' WHEN n % 2 = 0 THEN 'short' ELSE 'long' END), now(), hash, hash
            FROM (SELECT *, row_number() OVER () AS n FROM follow_up_event WHERE number = 1) enrolled;
            INSERT INTO suppression (id, owner_id, channel, address, reason, created_at)
            SELECT gen_random_uuid(), owner_id, 'EMAIL', 'r' || row_number() OVER () || '@example.com', 'manual', now() FROM instance;
            INSERT INTO operation (id, owner_id, kind, state, parameters, done, refused, refused_by, errors, walked, deferred, created_at, served_at,
                                   run_after, failures, finished_at, actor_kind, revision)
            SELECT gen_random_uuid(), owner_id, 'reschedule', 'completed', '{}', 0, 0, '{}', 0, true, '{}', now(), now(), now(), 0, now(), 'user', 1
            FROM instance;
            INSERT INTO app_user (id, issuer, subject, created_at)
            SELECT gen_random_uuid(), 'urn:test', 'u' || row_number() OVER (), now() FROM instance;
            SET session_replication_role = DEFAULT;
            """
        );
        await Database.Execute("VACUUM ANALYZE");
        return (node, mine);
    }

    private async Task<Guid> Begin(string kind, SequenceId? target)
    {
        var id = Guid.CreateVersion7();
        await Database.Execute(
            $"""
            INSERT INTO operation (id, owner_id, kind, state, target_id, parameters, done, refused, refused_by, errors, walked, deferred, created_at,
                                   served_at, run_after, failures, actor_kind, revision)
            VALUES ($1, $2, $3, 'queued', {(
                target is null ? "NULL" : $"'{target.Value.Value}'"
            )}, '{"{}"}', 0, 0, '{"{}"}', 0, false, '{"{}"}', now(), now(), now(), 0,
                    'user', 1)
            """,
            id,
            TestNode.Owner.Value,
            kind
        );
        return id;
    }

    private async Task ShouldUseIndexes(string what, Func<Task> work)
    {
        const string File = "current_setting('data_directory') || '/../server.log'";
        var from = await Database.Read<long>($"SELECT (pg_stat_file({File})).size");
        await work();
        // Another class may have written to the log meanwhile: only this database explains.
        var log = await Database.Read<string>(
            $"SELECT convert_from(pg_read_binary_file({File}, {from}, (pg_stat_file({File})).size - {from}), 'UTF8')"
        );

        var plans = Plan().Matches(log).Select(match => match.Value).Where(plan => !plan.Contains("server.log")).ToList();
        plans.ShouldNotBeEmpty(what);
        foreach (var plan in plans)
        {
            LargeScan().IsMatch(plan).ShouldBeFalse($"{what}: {plan}");
            var sorted = Sort().Matches(plan).Select(match => int.Parse(match.Groups[1].Value));
            sorted.ShouldAllBe(rows => rows <= MostSorted, $"{what}: {plan}");
        }
    }

    [GeneratedRegex(@"plan:\n(\t.*\n)+")]
    private static partial Regex Plan();

    [GeneratedRegex(@"Seq Scan on (instance|step_job|follow_up_event|message|suppression|operation|app_user)\b")]
    private static partial Regex LargeScan();

    [GeneratedRegex(@"Sort  \(cost=\S+ rows=(\d+)")]
    private static partial Regex Sort();
}
