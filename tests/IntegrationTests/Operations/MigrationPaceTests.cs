using FollowUp.Application;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.Infrastructure.Operations;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>The round-robin of migrations, and the effect of a failing batch on the others.</summary>
public sealed class MigrationPaceTests(TestDatabase database) : EngineTest(database)
{
    private static readonly StepInput Wait = Steps.WaitDays(3) with { Id = "wait" };
    private static readonly StepInput Mail = Steps.Email("mail") with { Id = "mail" };

    [Fact]
    public async Task Migrations_of_owners_alternate_at_the_rate_of_operations()
    {
        var office = await Idle();
        for (var n = 0; n < 3; n++)
        {
            await Migrating(office, 450);
        }

        var other = await Migrating(office, 450);
        await GiveToAnotherUser(other.Sequence);
        await Database.Execute(
            """
            UPDATE sequence_migration m SET owner_id = s.owner_id FROM sequence s WHERE s.id = m.sequence_id;
            CREATE TABLE served (number int GENERATED ALWAYS AS IDENTITY, owner uuid, paced boolean);
            CREATE FUNCTION note_batch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO served (owner, paced) VALUES (NEW.owner_id, EXISTS (SELECT 1 FROM operation_pace WHERE free_at > clock_timestamp()));
              RETURN NULL; END $$;
            CREATE TRIGGER note_batch AFTER UPDATE ON sequence_migration FOR EACH ROW WHEN (NEW.moved > OLD.moved) EXECUTE FUNCTION note_batch();
            """
        );
        try
        {
            await Worker();
            await Eventually.Holds(
                async () => await Database.Read<long>("SELECT count(*) FROM sequence_migration WHERE state = 'running'") == 0,
                "all are completed"
            );

            var owner = await Database.Read<Guid>("SELECT owner_id FROM sequence WHERE id = $1", other.Sequence.Value);
            var served = await Database.ReadAll<Guid>("SELECT owner FROM served ORDER BY number LIMIT 6");
            served.Count(each => each == owner).ShouldBe(3);
            served.Zip(served.Skip(1)).ShouldAllBe(pair => pair.First != pair.Second);
            (await Database.Read<bool>("SELECT bool_and(paced) FROM served")).ShouldBeTrue();
        }
        finally
        {
            await Database.Execute("DROP TRIGGER note_batch ON sequence_migration; DROP FUNCTION note_batch(); DROP TABLE served");
        }
    }

    [Fact]
    public async Task A_migration_whose_batches_exceed_the_command_timeout_does_not_stop_the_others()
    {
        var office = await Idle();
        var stuck = await Migrating(office, 1);
        var others = new[] { await Migrating(office, 3), await Migrating(office, 3) };
        await GiveToAnotherUser(others[1].Sequence);
        await Database.Execute(
            $"""
            UPDATE sequence_migration m SET owner_id = s.owner_id FROM sequence s WHERE s.id = m.sequence_id;
            CREATE FUNCTION never_done() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.sequence_id = '{stuck.Sequence.Value}' THEN PERFORM pg_sleep(30); END IF; RETURN NEW; END $$;
            CREATE TRIGGER never_done BEFORE UPDATE ON instance FOR EACH ROW EXECUTE FUNCTION never_done();
            """
        );
        try
        {
            await Worker(("ConnectionStrings:FollowUp", $"{Database.ConnectionString};Command Timeout=1"));
            await Eventually.Holds(
                async () => await Database.Read<long>("SELECT count(*) FROM sequence_migration WHERE state = 'running'") == 1,
                "the others are completed",
                TimeSpan.FromSeconds(30)
            );

            var seen = await office.Do(new GetMigration(stuck.Sequence, stuck.Id));
            (seen.State, seen.Moved).ShouldBe(("running", 0));
            await Eventually.Holds(
                async () => (await office.Do(new GetMigration(stuck.Sequence, stuck.Id))).LastError is not null,
                "the migration says what went wrong"
            );
        }
        finally
        {
            await Database.Execute("DROP TRIGGER never_done ON instance; DROP FUNCTION never_done()");
        }
    }

    [Fact]
    public async Task A_batch_that_exceeds_the_command_timeout_is_retried_with_fewer_instances()
    {
        var office = await Idle();
        var migration = await Migrating(office, 200);
        // The counter is the transaction's own: only a batch of more than 120 instances is too slow.
        await Database.Execute(
            """
            CREATE FUNCTION slow_above_120() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              PERFORM set_config('test.moved', (coalesce(nullif(current_setting('test.moved', true), ''), '0')::int + 1)::text, true);
              IF current_setting('test.moved')::int > 120 THEN PERFORM pg_sleep(30); END IF; RETURN NEW; END $$;
            CREATE TRIGGER slow_above_120 BEFORE UPDATE ON instance FOR EACH ROW EXECUTE FUNCTION slow_above_120();
            """
        );
        try
        {
            var worker = await Worker(("ConnectionStrings:FollowUp", $"{Database.ConnectionString};Command Timeout=2"));
            await Eventually.Holds(
                async () => (await worker.Do(new GetMigration(migration.Sequence, migration.Id))).State == "completed",
                "the migration is completed"
            );

            var done = await worker.Do(new GetMigration(migration.Sequence, migration.Id));
            (done.Moved, done.Failed).ShouldBe((200, 0));
            done.LastError.ShouldNotBeNull();
        }
        finally
        {
            await Database.Execute("DROP TRIGGER slow_above_120 ON instance; DROP FUNCTION slow_above_120()");
        }
    }

    [Fact]
    public async Task An_instance_that_cannot_be_migrated_costs_only_a_few_batches()
    {
        var office = await Idle();
        var migration = await Migrating(office, 200);
        await Database.Execute(
            """
            CREATE SEQUENCE batches;
            CREATE TABLE bad AS SELECT id FROM instance ORDER BY id DESC LIMIT 1;
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.id = (SELECT id FROM bad) THEN PERFORM nextval('batches'); RAISE EXCEPTION 'this row refuses'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON instance FOR EACH ROW EXECUTE FUNCTION refuse();
            CREATE FUNCTION note_batch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('batches'); RETURN NULL; END $$;
            CREATE TRIGGER note_batch AFTER UPDATE ON sequence_migration FOR EACH ROW EXECUTE FUNCTION note_batch();
            """
        );
        try
        {
            var worker = await Worker();
            await Eventually.Holds(
                async () => (await worker.Do(new GetMigration(migration.Sequence, migration.Id))).State == "completed",
                "the migration is completed"
            );

            var done = await worker.Do(new GetMigration(migration.Sequence, migration.Id));
            (done.Moved, done.Failed).ShouldBe((199, 1));
            (await Database.Read<long>("SELECT last_value FROM batches")).ShouldBeLessThan(40);
        }
        finally
        {
            await Database.Execute(
                """
                DROP TRIGGER refuse ON instance; DROP FUNCTION refuse(); DROP TABLE bad;
                DROP TRIGGER note_batch ON sequence_migration; DROP FUNCTION note_batch(); DROP SEQUENCE batches
                """
            );
        }
    }

    [Fact]
    public async Task An_instance_that_always_exceeds_the_timeout_is_skipped_after_three_attempts()
    {
        var node = await Idle();
        var migration = await Migrating(node, 3);
        // The error of a statement that exceeds its timeout, without the delay.
        await Database.Execute(
            """
            CREATE TABLE slow AS SELECT id FROM instance ORDER BY id OFFSET 1 LIMIT 1;
            CREATE FUNCTION times_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.id = (SELECT id FROM slow) THEN
                RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = 'query_canceled';
              END IF;
              RETURN NEW; END $$;
            CREATE TRIGGER times_out BEFORE UPDATE ON instance FOR EACH ROW EXECUTE FUNCTION times_out();
            """
        );
        try
        {
            var slow = await Database.Read<Guid>("SELECT id FROM slow");
            // Without the pauses between failed batches. 200 instances are halved seven times until one is alone.
            var isLeft = await node.Services.GetRequiredService<OperationJob>().RunAll(CancellationToken.None);

            var done = await node.Do(new GetMigration(migration.Sequence, migration.Id));
            (isLeft, done.State, done.Moved, done.Failed).ShouldBe((false, "completed", 2, 1));
            done.LastError.ShouldBe($"Instance {slow}: changing it took longer than a statement may take, 3 times in a row");
            (await Database.Read<int>("SELECT version FROM instance WHERE id = $1", slow)).ShouldBe(1);
        }
        finally
        {
            await Database.Execute("DROP TRIGGER times_out ON instance; DROP FUNCTION times_out(); DROP TABLE slow");
        }
    }

    [Fact]
    public async Task Deferred_instances_do_not_stop_the_scan_of_the_others()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(0) with { Id = "wait" }, Mail);
        await node.Enroll(sequence);
        var first = (await node.Services.GetRequiredService<StepOutbox>().Claim(1, CancellationToken.None)).Steps.Single();
        await node.Enroll(sequence);
        await node.Enroll(sequence);
        (await Database.Read<Guid>("SELECT id FROM instance ORDER BY id LIMIT 1")).ShouldBe(first.Instance.Id.Value);
        IReadOnlyList<StepInput?> steps = [Mail with { Subject = "sooner" }, Wait];
        await node.Do(new UpdateSequence(sequence, default, default, default, new Optional<IReadOnlyList<StepInput?>>(true, steps), null));
        var migration = new MigrationId((await node.Do(Migrate(sequence, "map"))).Id);

        List<(int Moved, int Waiting)> seen = [];
        for (var batch = 0; batch < 4; batch++)
        {
            await node.Do(new MigrateBatch(migration, 1));
            var after = await node.Do(new GetMigration(sequence, migration));
            seen.Add((after.Moved, after.Waiting));
        }

        seen.ShouldBe([(0, 1), (1, 1), (2, 1), (2, 1)]);
        (await node.Send(new ExecuteStep(first))).Value.ShouldBe(WriteBack.Done);
        (await node.Do(new MigrateBatch(migration, 1))).ShouldBe(MigrationBatchResult.Done);
    }

    [Fact]
    public async Task A_batch_reads_a_bounded_number_of_instances_that_already_have_the_version()
    {
        var node = await Idle();
        var migration = await Migrating(node, 1_010);
        await Database.Execute("UPDATE instance SET version = 2 WHERE id <> (SELECT id FROM instance ORDER BY id DESC LIMIT 1)");

        List<int> moved = [];
        for (var progress = MigrationBatchResult.More; progress == MigrationBatchResult.More; )
        {
            progress = await node.Do(new MigrateBatch(migration.Id, 10));
            moved.Add((await node.Do(new GetMigration(migration.Sequence, migration.Id))).Moved);
        }

        // 50 instances for each one that may be moved.
        moved.ShouldBe([0, 0, 1]);
    }

    [Theory]
    [InlineData("map", 1)]
    [InlineData("content", 1)]
    [InlineData("stay", null)]
    public async Task Starting_a_migration_reads_at_most_1000_instances(string policy, int? counted)
    {
        var node = await Idle();
        var sequence = await Published(node, 1_001);
        await Database.Execute("UPDATE instance SET version = 2 WHERE id <> (SELECT id FROM instance ORDER BY id DESC LIMIT 1)");

        var begun = await node.Do(Migrate(sequence, policy));
        var asked = await Total();
        await node.Do(new MigrateBatch(new(begun.Id), 10));

        (asked, await Total()).ShouldBe((null, counted));
        begun.State.ShouldBe(policy == "stay" ? "completed" : "running");
    }

    [Fact]
    public async Task A_small_migration_returns_its_total_and_continues_without_one_if_its_first_batch_fails()
    {
        var node = await Idle();
        var migration = await Migrating(node, 12);
        var asked = await Total();
        await Database.Execute("UPDATE sequence_migration SET total = NULL, failures = 1");

        await node.Do(new MigrateBatch(migration.Id, 10));
        var afterFailure = await Total();
        await node.Do(new MigrateBatch(migration.Id, 10));

        (asked, afterFailure, await Total()).ShouldBe((12, null, 12));
    }

    [Fact]
    public async Task A_plan_counts_a_bounded_number_of_instances()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Wait, Mail);
        await node.EnrollMany(sequence, 10);
        await using var scope = node.Services.CreateAsyncScope();
        var standings = scope.ServiceProvider.GetRequiredService<IRunningInstances>();

        (await standings.Count(sequence, 6, CancellationToken.None)).Sum(group => group.Count).ShouldBe(6);
        (await standings.Count(sequence, 60, CancellationToken.None)).Sum(group => group.Count).ShouldBe(10);
    }

    private async Task<int?> Total() =>
        await Database.Read<int>("SELECT coalesce(total, -1) FROM sequence_migration") is var total and >= 0 ? total : null;

    private static MigrateInstances Migrate(SequenceId sequence, string policy) =>
        new(sequence, 2, policy, policy == "map" ? new Dictionary<string, string?>() : null);

    private static async Task<(SequenceId Sequence, MigrationId Id)> Migrating(TestNode node, int instances)
    {
        var sequence = await Published(node, instances);
        return (sequence, new((await node.Do(Migrate(sequence, "map"))).Id));
    }

    /// <summary>A sequence with instances of its first version, and a second version.</summary>
    private static async Task<SequenceId> Published(TestNode node, int instances)
    {
        var sequence = await node.Sequence(Wait, Mail);
        await node.EnrollMany(sequence, instances);
        IReadOnlyList<StepInput?> steps = [Mail with { Subject = "sooner" }, Wait];
        await node.Do(new UpdateSequence(sequence, default, default, default, new Optional<IReadOnlyList<StepInput?>>(true, steps), null));
        return sequence;
    }
}
