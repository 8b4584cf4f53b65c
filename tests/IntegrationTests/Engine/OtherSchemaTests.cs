using FollowUp.Application;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Instances;
using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Operations;
using FollowUp.IntegrationTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The tables are in another schema than public, as when several cells share a server.</summary>
public sealed class OtherSchemaTests(CellDatabase database) : EngineTest(database), IClassFixture<CellDatabase>
{
    private static readonly StepInput First = Steps.Email("first") with { Id = "first" };
    private static readonly StepInput Pause = Steps.WaitDays(3) with { Id = "pause" };
    private static readonly StepInput Second = Steps.Email("second") with { Id = "second" };

    [Fact]
    public async Task A_sequence_runs_to_its_end_and_its_log_is_whole()
    {
        var node = await Worker();
        var instance = await WaitsBehindTheFirstMail(node);

        await MakeDue(instance.Id);
        await node.Becomes(instance.Id, "COMPLETED");

        SendGrid.Accepted.Select(mail => mail.Subject).ShouldBe(["first", "second"]);
        var story = await Story(node, instance.Id);
        story.ShouldBe(["enrolled", "EMAIL sent", "WAIT completed", "EMAIL sent", "completed"]);
        (await node.Do(new ListEvents(new EventFilter(), null, 200, null))).Items.Count.ShouldBe(story.Length);
        (await node.Do(new VerifyTimeline(new(instance.Id)))).Intact.ShouldBeTrue();
    }

    [Fact]
    public async Task Events_are_withheld_while_a_transaction_writes_earlier_ones()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Pause);
        var first = await node.Enroll(sequence);
        await using var slow = await Log.SlowWriter.Begin(Database, first.Id);
        await node.Enroll(sequence);

        var before = await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE position <= follow_up_event_horizon()");
        await slow.Commit();
        var after = await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE position <= follow_up_event_horizon()");

        (before, after).ShouldBe((1, 3));
    }

    [Fact]
    public async Task A_resumed_instance_continues_at_the_same_step()
    {
        var node = await Worker();
        var instance = await WaitsBehindTheFirstMail(node);

        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Pause));
        var paused = await Database.Read<string>("SELECT state FROM step_job");
        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Resume()));
        await MakeDue(instance.Id);
        await node.Becomes(instance.Id, "COMPLETED");

        paused.ShouldBe("parked");
        SendGrid.Accepted.Select(mail => mail.Subject).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Running_instances_migrate_to_another_version()
    {
        var node = await Worker();
        var instance = await WaitsBehindTheFirstMail(node);
        var sequence = new SequenceId(instance.SequenceId);
        StepInput[] steps = [First, Pause, Second with { Subject = "second, edited" }];

        await node.Do(new UpdateSequence(sequence, default, default, default, new Optional<IReadOnlyList<StepInput?>>(true, steps), null));
        var migration = await node.Do(new MigrateInstances(sequence, 2, "map", new Dictionary<string, string?>()));
        await Eventually.Holds(
            async () => (await node.Do(new GetMigration(sequence, new(migration.Id)))).State == "completed",
            "the migration is completed"
        );
        await MakeDue(instance.Id);
        await node.Becomes(instance.Id, "COMPLETED");

        SendGrid.Accepted.Select(mail => mail.Subject).ShouldBe(["first", "second, edited"]);
    }

    [Fact]
    public async Task Statistics_are_the_same_before_and_after_they_are_folded()
    {
        var node = await Worker();
        var instance = await WaitsBehindTheFirstMail(node);
        var sequence = new SequenceId(instance.SequenceId);
        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Stop(StopReason.Replied)));

        var before = await node.Do(new GetStats(sequence, null, null, null));
        await node.Services.GetRequiredService<StepStatRollup>().Fold(CancellationToken.None);
        var after = await node.Do(new GetStats(sequence, null, null, null));

        (before.Enrolled, before.Stopped["replied"]).ShouldBe((1, 1));
        before.Steps.Select(step => (step.Reached, step.Counts.Sent, step.Counts.Replied)).ShouldBe([(1, 1, 1), (1, 0, 0), (0, 0, 0)]);
        after.Steps.Select(step => step.Counts).ShouldBe(before.Steps.Select(step => step.Counts));
        (await Database.Read<long>("SELECT count FROM instance_count WHERE status = 'STOPPED'")).ShouldBe(1);
    }

    [Fact]
    public async Task Deleting_a_sequence_deletes_its_rows_and_leaves_a_tombstone()
    {
        var node = await Worker();
        var instance = await WaitsBehindTheFirstMail(node);

        await node.Do(new DeleteSequence(new(instance.SequenceId), null));
        await node.Completes((await node.LastOperation()).Id);

        foreach (var table in (string[])["instance", "step_job", "attempt", "message", "follow_up_event", "sequence_version", "step_stat"])
        {
            (await Database.Read<long>($"SELECT count(*) FROM {table}")).ShouldBe(0, table);
        }

        (await Database.Read<int>("SELECT instances FROM sequence_tombstone")).ShouldBe(1);
    }

    [Theory]
    [InlineData("UPDATE follow_up_event SET type = 'replied'")]
    [InlineData("TRUNCATE follow_up_event")]
    [InlineData("CREATE TEMP TABLE sequence (id uuid, deleted_at timestamptz); DELETE FROM instance")]
    public async Task The_log_is_append_only(string sql)
    {
        var node = await Idle();
        await node.Enroll(await node.Sequence(First));

        var change = () => Database.Execute(sql);

        (await change.ShouldThrowAsync<PostgresException>()).MessageText.ShouldContain("append-only");
    }

    [Fact]
    public async Task Every_function_resolves_names_in_its_own_schema()
    {
        (await Database.Read<long>("SELECT count(*) FROM pg_proc WHERE pronamespace = 'cell_a'::regnamespace")).ShouldBeGreaterThan(10);
        (await Database.FunctionsWithAnotherPath()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reverting_the_schema_migration_leaves_nothing()
    {
        var copy = await Database.Copy();
        var options = new DbContextOptionsBuilder<FollowUpDbContext>().UseNpgsql(copy.ConnectionString).UseSnakeCaseNamingConvention();
        await using (var db = new FollowUpDbContext(options.Options))
        {
            await db.GetService<IMigrator>().MigrateAsync(Migration.InitialDatabase);
        }

        var left = await copy.ReadAll<string>(
            """
            SELECT relname::text FROM pg_class WHERE relnamespace = 'cell_a'::regnamespace AND relkind <> 'i'
            UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'cell_a'::regnamespace
            """
        );

        left.ShouldBe(["__EFMigrationsHistory"]);
        await copy.DisposeAsync();
    }

    private async Task<InstanceView> WaitsBehindTheFirstMail(TestNode node)
    {
        var instance = await node.Enroll(await node.Sequence(First, Pause, Second));
        await Eventually.Holds(async () => await Database.Read<int>("SELECT current_step FROM instance") == 1, "the first mail is out");
        return instance;
    }
}
