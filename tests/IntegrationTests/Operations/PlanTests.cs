using System.Text.Json;
using System.Text.RegularExpressions;
using FollowUp.Application.Accounts;
using FollowUp.Application.Instances;
using FollowUp.Application.Operations;
using FollowUp.Application.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>
/// How PostgreSQL carries out the statements of operations and lists on large tables. <c>auto_explain</c> writes the plan of each statement that a
/// use case really runs, with its real parameters, into the server's log.
/// </summary>
public sealed partial class PlanTests(LargeDatabase large) : IClassFixture<LargeDatabase>, IAsyncLifetime
{
    /// <summary>
    /// The most rows that a scan or a sort of a statement may touch: the owner's, never those of others. Where the owner has few, as here, the planner
    /// may find it cheaper to read them all than to walk an index in the order of the list.
    /// </summary>
    private const int MostRead = LargeDatabase.Mine * 6 / 5;

    private static readonly HashSet<string?> LargeTables =
    [
        "instance",
        "step_job",
        "follow_up_event",
        "message",
        "suppression",
        "operation",
        "app_user",
    ];

    private TestNode _node = null!;

    private TestDatabase Database { get; set; } = null!;

    private SequenceId Sequence => large.Sequence;

    public async Task InitializeAsync()
    {
        Database = await large.Copy();
        var name = await Database.Read<string>("SELECT current_database()::text");
        await Database.Execute(
            $"""
            ALTER DATABASE {name} SET session_preload_libraries = 'auto_explain';
            ALTER DATABASE {name} SET auto_explain.log_min_duration = 0;
            ALTER DATABASE {name} SET auto_explain.log_analyze = on;
            ALTER DATABASE {name} SET auto_explain.log_timing = off;
            ALTER DATABASE {name} SET auto_explain.log_format = json;
            """
        );
        _node = await TestNode.Create(Database);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await Database.DisposeAsync();
    }

    [Fact]
    public async Task Batches_of_operations_use_an_index_on_large_tables()
    {
        await ShouldUseIndexes("reschedule", async () => await _node.RunBatch(await Begin("reschedule", Sequence), 100));
        await ShouldUseIndexes("applyLimits", async () => await _node.RunBatch(await Begin("applyLimits", null), 100));
        await Database.Execute(
            "UPDATE step_job SET state = 'parked', park_reason = 'sequenceDisabled', parked_at = now() WHERE sequence_id = $1",
            Sequence.Value
        );
        await Database.Execute("ANALYZE step_job");
        await ShouldUseIndexes("releaseParked", async () => await _node.RunBatch(await Begin("releaseParked", Sequence), 100));
        await Database.Execute("UPDATE sequence SET deleted_at = now() WHERE id = $1", Sequence.Value);
        await ShouldUseIndexes("deleteSequence", async () => await _node.RunBatch(await Begin("deleteSequence", Sequence), 100));
    }

    [Fact]
    public async Task Every_filter_of_instances_uses_an_index_on_large_tables()
    {
        InstanceFilter[] filters =
        [
            new() { SequenceId = Sequence.Value },
            new() { SequenceId = Sequence.Value, Status = "ACTIVE" },
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
            await ShouldUseIndexes($"list {filter}", () => _node.Do(new ListInstances(filter, null, null)));
            await ShouldUseIndexes($"due {filter}", () => _node.Do(new ListInstances(filter, null, null, ListInstances.NextDue)));
            await ShouldUseIndexes(
                $"act {filter}",
                async () => await _node.RunBatch((await _node.Do(new ActOnInstances(new() { Action = "pause", Filter = filter }))).Id, 100)
            );
            await Database.Execute("DELETE FROM operation");
        }
    }

    [Fact]
    public async Task Lists_of_suppressions_operations_and_users_use_an_index()
    {
        await ShouldUseIndexes("suppressions", () => _node.Do(new ListSuppressions(new(null, null, null), null, null)));
        await ShouldUseIndexes("suppressions q", () => _node.Do(new ListSuppressions(new(null, null, "r77"), null, null)));
        await ShouldUseIndexes("operations", () => _node.Do(new ListOperations(null, null, null)));
        await ShouldUseIndexes("users", () => _node.Do(new ListUsers(null, null, null, null)));
    }

    [Fact]
    public async Task Reading_events_of_a_rare_type_an_actor_or_an_interval_uses_an_index()
    {
        await Database.Execute(
            """
            SET session_replication_role = replica;
            INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, type, content, sent_at, actor_kind,
                                         previous_hash, hash)
            SELECT gen_random_uuid(), owner_id, instance_id, sequence_id, version, number + 200, 'paused', '{}', now(), 'apiKey', hash, hash
            FROM follow_up_event WHERE number = 1 ORDER BY instance_id LIMIT 5000;
            SET session_replication_role = DEFAULT;
            ANALYZE follow_up_event;
            """
        );
        var (from, to) = (DateTimeOffset.UtcNow.AddHours(3), DateTimeOffset.UtcNow.AddHours(4));

        await ShouldUseIndexes("rare type", () => _node.Do(new ListEvents(new("paused"), null, null, null)));
        await ShouldUseIndexes("actor", () => _node.Do(new ListEvents(new(Actor: "apiKey"), null, null, null)));
        await ShouldUseIndexes("interval", () => _node.Do(new ListEvents(new(null, from, to), null, null, null)));
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

    /// <summary>
    /// Runs a piece of work and compares what its statements read and sort with the limits; then runs it again with the use of indexes switched off,
    /// which must exceed them, to validate the limits.
    /// </summary>
    private async Task ShouldUseIndexes(string what, Func<Task> work)
    {
        var plans = await Plans(work);
        plans.ShouldNotBeEmpty(what);
        plans.SelectMany(plan => TooMuch(plan.Root).Select(found => $"{found}: {plan.Query}")).ShouldBeEmpty(what);

        await SetIndexes("off");
        plans = await Plans(work);
        await SetIndexes("on");
        plans.SelectMany(plan => TooMuch(plan.Root)).ShouldNotBeEmpty($"{what}, without indexes");
    }

    private async Task SetIndexes(string value)
    {
        var name = await Database.Read<string>("SELECT current_database()::text");
        await Database.Execute(
            $"""
            ALTER DATABASE {name} SET enable_indexscan = {value};
            ALTER DATABASE {name} SET enable_indexonlyscan = {value};
            ALTER DATABASE {name} SET enable_bitmapscan = {value};
            """
        );
    }

    /// <summary>The plans of all statements that a piece of work runs, on new connections, with what each node really read.</summary>
    private async Task<List<(string Query, JsonElement Root)>> Plans(Func<Task> work)
    {
        const string File = "current_setting('data_directory') || '/../server.log'";
        _node.Services.GetRequiredService<NpgsqlDataSource>().Clear();
        _node.Services.GetRequiredService<EngineDatabase>().Connections.Clear();
        var from = await Database.Read<long>($"SELECT (pg_stat_file({File})).size");
        await work();
        // Another class may have written to the log meanwhile: only this database explains.
        var log = await Database.Read<string>(
            $"SELECT convert_from(pg_read_binary_file({File}, {from}, (pg_stat_file({File})).size - {from}), 'UTF8')"
        );
        return
        [
            .. Plan()
                .Matches(log)
                .Select(match => match.Groups[1].Value)
                .Where(plan => !plan.Contains("server.log") && !plan.Contains("current_database()"))
                .Select(plan => JsonDocument.Parse(plan).RootElement)
                .Select(plan => (plan.GetProperty("Query Text").GetString()!, plan.GetProperty("Plan"))),
        ];
    }

    /// <summary>Scans of a large table that read more rows than a batch may, found or filtered out, and sorts of more rows than that.</summary>
    private static IEnumerable<string> TooMuch(JsonElement node)
    {
        var type = node.GetProperty("Node Type").GetString()!;
        var table = node.TryGetProperty("Relation Name", out var relation) ? relation.GetString() : null;
        var rows =
            (Figure(node, "Actual Rows") + Figure(node, "Rows Removed by Filter") + Figure(node, "Rows Removed by Index Recheck"))
            * Figure(node, "Actual Loops");
        if (rows > MostRead && (type == "Sort" || (type.EndsWith("Scan", StringComparison.Ordinal) && LargeTables.Contains(table))))
        {
            yield return $"{type} {table} {rows} rows";
        }

        if (node.TryGetProperty("Plans", out var children))
        {
            foreach (var child in children.EnumerateArray().SelectMany(TooMuch))
            {
                yield return child;
            }
        }
    }

    private static double Figure(JsonElement node, string name) => node.TryGetProperty(name, out var figure) ? figure.GetDouble() : 0;

    [GeneratedRegex(@"plan:\n((?:\t.*\n)+)")]
    private static partial Regex Plan();
}
