using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Instances;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

public sealed class StatsTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task The_funnel_shows_how_many_reached_each_step_and_their_outcomes()
    {
        var (node, sequence) = await ARun();

        var stats = await node.Do(new GetStats(sequence, null, null, null));

        (stats.Enrolled, stats.Completed, stats.Stopped["replied"], stats.Stopped["manual"]).ShouldBe((6, 3, 1, 1));
        stats.Steps.Select(s => s.Type).ShouldBe(["EMAIL", "WAIT", "SMS", "EMAIL"]);
        stats.Steps.Select(s => s.Reached).ShouldBe([6, 5, 3, 3]);
        stats.Steps.Select(s => s.Counts.Sent).ShouldBe([5, 0, 0, 3]);
        stats.Steps.Select(s => s.Counts.Failed).ShouldBe([1, 0, 0, 0]);
        stats.Steps.Select(s => s.Counts.Completed).ShouldBe([0, 3, 0, 0]);
        stats.Steps.Select(s => s.Counts.Skipped).ShouldBe([0, 0, 3, 0]);
        stats.Steps.Select(s => s.Counts.Replied).ShouldBe([1, 0, 0, 0]);
    }

    [Fact]
    public async Task The_rollup_equals_a_count_of_the_log_before_and_after_folding()
    {
        var (node, sequence) = await ARun();
        var counted = await LogCount.Of(Database, sequence);

        var before = await Rollup(Database, sequence);
        await node.Services.GetRequiredService<StepStatRollup>().Fold(CancellationToken.None);
        var after = await Rollup(Database, sequence);
        var byMonth = await Rollup(Database, sequence, StepStat.OfMonth);
        var overall = await Rollup(Database, sequence, StepStat.OfAll);
        var left = await Database.Read<long>("SELECT count(*) FROM step_stat_delta");

        counted.ShouldNotBeEmpty();
        before.ShouldBe(counted, ignoreOrder: true);
        after.ShouldBe(counted, ignoreOrder: true);
        byMonth.ShouldBe(counted, ignoreOrder: true);
        overall.ShouldBe(counted, ignoreOrder: true);
        left.ShouldBe(0);
    }

    [Fact]
    public async Task The_list_counts_folded_and_unfolded_instances()
    {
        var (node, sequence) = await ARun();
        await node.Services.GetRequiredService<StepStatRollup>().Fold(CancellationToken.None);
        var folded = await Database.Read<long>("SELECT sum(count)::bigint FROM instance_count");
        await node.Enroll(sequence);

        var list = await node.Do(new ListSequences(null, null, 10, null));

        folded.ShouldBe(6);
        var listed = list.Items.Single().InstanceCounts.Where(count => count.Value > 0).OrderBy(count => count.Key);
        foreach (var (status, count) in listed)
        {
            (await Database.Read<long>($"SELECT count(*) FROM instance WHERE status = '{status.ToString().ToUpperInvariant()}'")).ShouldBe(
                count
            );
        }

        listed.Sum(count => count.Value).ShouldBe(7);
    }

    [Fact]
    public async Task Concurrent_folding_counts_nothing_twice_and_loses_nothing()
    {
        var (node, sequence) = await ARun();
        var counted = await LogCount.Of(Database, sequence);
        var other = await Idle();

        await Task.WhenAll(
            new[] { node, other, node, other }.Select(n => n.Services.GetRequiredService<StepStatRollup>().Fold(CancellationToken.None))
        );

        (await Rollup(Database, sequence)).ShouldBe(counted, ignoreOrder: true);
    }

    [Fact]
    public async Task The_median_duration_of_a_step_is_exact_to_two_percent()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        var instance = await node.Enroll(sequence);
        await Insert(instance.Id, [1_000, 60_000, 259_200_000, 259_200_000, 31_536_000_000]);

        var stats = await node.Do(new GetStats(sequence, null, null, null));

        stats.Steps[0].MedianSeconds!.Value.ShouldBe(259_200, tolerance: 259_200 * 0.02);
    }

    [Fact]
    public async Task Variants_are_counted_separately()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        var instance = await node.Enroll(sequence);
        await Insert(instance.Id, [5], "A");
        await Insert(instance.Id, [5, 5], "B");
        await node.Do(new ActOnInstance(new InstanceId(instance.Id), InstanceAction.Stop(StopReason.Unsubscribed)));

        var step = (await node.Do(new GetStats(sequence, null, null, null))).Steps[0];

        step.Counts.Sent.ShouldBe(3);
        step.Variants.Select(v => (v.Name, v.Counts.Sent, v.Counts.Unsubscribed)).ShouldBe([("A", 1, 0), ("B", 2, 1)]);
    }

    [Fact]
    public async Task Days_and_versions_can_be_chosen()
    {
        var (node, sequence) = await ARun();
        await node.Do(new UpdateSequence(sequence, default, default, default, new(true, [Steps.Email("Edited")]), null));
        await node.Becomes((await node.Enroll(sequence)).Id, "COMPLETED");
        var today = DateOnly.FromDateTime(await Database.Read<DateTime>("SELECT now() AT TIME ZONE 'UTC'"));

        var second = await node.Do(new GetStats(sequence, null, null, 2));
        var all = await node.Do(new GetStats(sequence, today.AddDays(-1), today.AddDays(2), null));
        var earlier = await node.Do(new GetStats(sequence, null, today.AddDays(-1), null));
        var unknown = await node.Send(new GetStats(sequence, null, null, 3));
        var backwards = await node.Send(new GetStats(sequence, today, today, null));

        (second.Enrolled, second.Steps.Count, second.Steps[0].Counts.Sent).ShouldBe((1, 1, 1));
        (all.Enrolled, all.Steps.Count).ShouldBe((7, 5));
        (earlier.Enrolled, earlier.Steps.Sum(s => s.Reached)).ShouldBe((0, 0));
        unknown.ValidationErrors.Single().Identifier.ShouldBe("version");
        backwards.ValidationErrors.Single().Identifier.ShouldBe("to");
    }

    [Fact]
    public async Task Intervals_of_days_add_up_with_and_without_whole_months()
    {
        var (node, sequence) = await ARun();
        DateOnly[] days =
        [
            new(2019, 12, 31),
            new(2020, 1, 1),
            new(2020, 1, 31),
            new(2020, 2, 1),
            new(2020, 2, 29),
            new(2020, 3, 1),
            new(2021, 7, 9),
        ];
        await Count(sequence, days[..4]);
        await node.Services.GetRequiredService<StepStatRollup>().Fold(CancellationToken.None);
        await Count(sequence, days[4..]);
        await Count(sequence, [days[0], days[3]]);
        DateOnly[] all = [.. days, days[0], days[3]];
        DateOnly?[] bounds = [null, .. days, new(2020, 2, 15), new(2020, 4, 1), new(9999, 12, 31)];

        foreach (var (from, to) in from f in bounds from t in bounds where !(f >= t) && t < new DateOnly(2022, 1, 1) select (f, t))
        {
            var stats = await node.Do(new GetStats(sequence, from, to, null));

            stats.Steps[0].Counts.Opened.ShouldBe(all.Count(day => !(day < from) && !(day >= to)), $"from {from:O} to {to:O}");
        }

        (await node.Do(new GetStats(sequence, null, null, null))).Steps[0].Counts.Opened.ShouldBe(all.Length);
        (await node.Do(new GetStats(sequence, new(9999, 12, 31), null, null))).Steps[0].Counts.Opened.ShouldBe(0);
    }

    [Fact]
    public async Task A_deleted_sequence_leaves_no_statistics()
    {
        var (node, sequence) = await ARun();
        await node.Services.GetRequiredService<StepStatRollup>().Fold(CancellationToken.None);
        await node.Enroll(sequence);

        await node.Do(new DeleteSequence(sequence, null));
        await node.Services.GetRequiredService<StepStatRollup>().Fold(CancellationToken.None);

        (await Database.Read<long>("SELECT count(*) FROM step_stat_sum")).ShouldBe(0);
    }

    /// <summary>Six recipients: one is rejected by the provider, one replies and one is stopped during the wait, three complete.</summary>
    private async Task<(TestNode Node, SequenceId Sequence)> ARun()
    {
        var node = await Worker(("Dispatcher:Lanes", "1"));
        var sequence = await node.Sequence(Steps.Email(), Steps.Wait("PT1H"), Steps.Sms(), Steps.Email("Last"));
        SendGrid.Next(new HttpAnswer.Status(400, """{"errors":[{"message":"no"}]}"""));
        await node.Becomes((await node.Enroll(sequence)).Id, "FAILED");
        List<Guid> waiting = [];
        for (var i = 0; i < 5; i++)
        {
            waiting.Add((await node.Enroll(sequence)).Id);
        }

        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE step_type = 'WAIT'") == 5,
            "five instances wait"
        );
        await node.Do(new ActOnInstance(new InstanceId(waiting[0]), InstanceAction.Stop(StopReason.Replied)));
        await node.Do(new ActOnInstance(new InstanceId(waiting[1]), InstanceAction.Stop(StopReason.Manual)));
        await Database.Travel(TimeSpan.FromHours(1));
        foreach (var id in waiting.Skip(2))
        {
            await node.Becomes(id, "COMPLETED");
        }

        return (node, sequence);
    }

    private Task<int> Insert(Guid instance, long[] elapsedMs, string? variant = null) =>
        Database.Execute(
            """
            WITH counted AS (UPDATE instance SET event_count = event_count + cardinality($2) WHERE id = $1)
            INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, sent_at,
                                         previous_hash, hash)
            SELECT gen_random_uuid(), i.owner_id, i.id, i.sequence_id, 1,
                   (SELECT max(number) FROM follow_up_event e WHERE e.instance_id = i.id) + row_number() OVER (), 0, 'EMAIL', 'sent',
                   json_build_object('elapsedMs', t.ms::text, 'variant', $3::text), now(), '', ''
            FROM instance i, unnest($2) AS t (ms) WHERE i.id = $1
            """,
            instance,
            elapsedMs,
            (object?)variant ?? DBNull.Value
        );

    private Task<int> Count(SequenceId sequence, DateOnly[] days) =>
        Database.Execute(
            """
            INSERT INTO step_stat_delta (owner_id, sequence_id, version, step_index, variant, metric, day, bucket, count)
            SELECT owner_id, id, 1, 0, '', 'opened', day, 0, 1 FROM sequence, unnest($2) AS day WHERE id = $1
            """,
            sequence.Value,
            days
        );

    /// <summary>The statistics by version, step, variant, metric and bucket.</summary>
    internal static async Task<Dictionary<string, long>> Rollup(TestDatabase database, SequenceId sequence, string span = StepStat.OfDay) =>
        (
            await database.ReadAll<string>(
                """
                SELECT format('%s %s %s %s %s %s', version, step_index, variant, metric, bucket, sum(count)) FROM step_stat_sum
                WHERE sequence_id = $1 AND span IN ('new', $2) GROUP BY version, step_index, variant, metric, bucket
                """,
                sequence.Value,
                span
            )
        ).ToDictionary(row => row[..row.LastIndexOf(' ')], row => long.Parse(row[(row.LastIndexOf(' ') + 1)..], null));
}
