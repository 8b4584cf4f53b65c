using FollowUp.Application.Instances;
using FollowUp.Domain.Shared;

namespace FollowUp.IntegrationTests.Engine;

public sealed partial class MigrationTests
{
    [Fact]
    public async Task A_locked_instance_is_migrated_later()
    {
        var node = await Idle();
        var sequence = await node.Sequence(First, Second);
        var instance = await node.Enroll(sequence);
        await Publish(node, sequence, First, Second, Third);
        var migration = await Begin(node, sequence);
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1 FROM instance FOR NO KEY UPDATE";
            await command.ExecuteNonQueryAsync();

            (await node.Do(new MigrateBatch(new(migration.Id), 10))).ShouldBe(MigrationBatchResult.Waiting);
        }

        (await node.Do(new MigrateBatch(new(migration.Id), 10))).ShouldBe(MigrationBatchResult.Done);
        (await Seen(node, instance)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_migration_is_stopped_between_batches_and_continued_by_another_node()
    {
        var first = await Idle();
        var sequence = await first.Sequence(Pause, First);
        for (var n = 0; n < 9; n++)
        {
            await first.Enroll(sequence);
        }

        await Publish(first, sequence, First, Pause, Second);
        var migration = await Begin(first, sequence);
        (await first.Do(new MigrateBatch(new(migration.Id), 4))).ShouldBe(MigrationBatchResult.More);
        var stopped = await first.Do(new StopMigration(sequence, new(migration.Id)));
        (await first.Do(new MigrateBatch(new(migration.Id), 4))).ShouldBe(MigrationBatchResult.Busy);
        var afterStop = await Database.Read<long>("SELECT count(*) FROM instance WHERE version = 2");
        await first.DisposeAsync();

        var second = await Worker();
        await second.Do(new ContinueMigration(sequence, new(migration.Id)));
        var done = await Completed(second, sequence, migration.Id);

        (stopped.State, stopped.Moved, afterStop).ShouldBe(("stopped", 4, 4L));
        (done.Total, done.Moved, done.Ended, done.Waiting).ShouldBe((9, 9, 0, 0));
        (await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE type = 'migrated'")).ShouldBe(9);
        await ChainsAreWhole(second);
    }

    [Fact]
    public async Task A_stopped_migration_cannot_continue_to_an_outdated_version()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Pause, First);
        await node.Enroll(sequence);
        await Publish(node, sequence, First, Pause, Second);
        var migration = await Begin(node, sequence);
        await node.Do(new StopMigration(sequence, new(migration.Id)));
        await Publish(node, sequence, First);

        var refused = await node.Send(new ContinueMigration(sequence, new(migration.Id)));

        Error.Of(refused)!.ErrorCode.ShouldBe("versionNotCurrent");
        (await Database.Read<long>("SELECT count(*) FROM instance WHERE version = 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_that_was_not_committed_has_no_effect()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Pause, First);
        await node.Enroll(sequence);
        await node.Enroll(sequence);
        await Publish(node, sequence, Pause, First, Second);
        var migration = await Begin(node, sequence);
        await Database.Execute(
            """
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'died before the commit'; END $$;
            CREATE TRIGGER die BEFORE UPDATE ON sequence_migration FOR EACH ROW EXECUTE FUNCTION die();
            """
        );
        var died = () => node.Send(new MigrateBatch(new(migration.Id), 10));
        await died.ShouldThrowAsync<Exception>();
        await Database.Execute("DROP TRIGGER die ON sequence_migration; DROP FUNCTION die();");
        (await Database.Read<long>("SELECT count(*) FROM instance WHERE version = 2")).ShouldBe(0);

        await node.Do(new MigrateBatch(new(migration.Id), 10));

        (await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE type = 'migrated'")).ShouldBe(2);
        await ChainsAreWhole(node);
    }

    [Fact]
    public async Task An_instance_that_cannot_be_migrated_does_not_block_the_others()
    {
        var node = await Worker();
        var sequence = await node.Sequence(Pause, First);
        await node.Enroll(sequence);
        var bad = await node.Enroll(sequence, "bad@example.com");
        await node.Enroll(sequence);
        await Database.Execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.email = 'bad@example.com' THEN RAISE EXCEPTION 'this row refuses'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON instance FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        );
        try
        {
            await Publish(node, sequence, First, Pause);
            var done = await Migrated(node, sequence);

            (done.Moved, done.Failed).ShouldBe((2, 1));
            done.LastError!.ShouldContain("this row refuses");
            (await Seen(node, bad)).Version.ShouldBe(1);
        }
        finally
        {
            await Database.Execute("DROP TRIGGER refuse ON instance; DROP FUNCTION refuse();");
        }
    }
}
