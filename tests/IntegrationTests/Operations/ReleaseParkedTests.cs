using FollowUp.Application.Operations;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>The instances of a disabled sequence are released in batches when it is enabled again.</summary>
public sealed class ReleaseParkedTests(TestDatabase database) : EngineTest(database)
{
    private const int Many = 3_000;

    [Fact]
    public async Task A_release_spreads_overdue_steps_over_all_batches_and_keeps_their_order()
    {
        var node = await Idle(("Dispatcher:BacklogPerSecond", "100"));
        var sequence = await Parked(node);
        await Database.Execute("UPDATE step_job SET due_at = now() - random() * interval '1 day'");
        await Database.Execute("CREATE TABLE before AS SELECT instance_id, due_at, id FROM step_job");

        await Enable(node, sequence, true);
        (await Parked()).ShouldBe(Many);
        await node.RunOperations();

        (await Parked()).ShouldBe(0);
        var operation = await node.LastOperation();
        (operation.Kind, operation.State, operation.Total, operation.Done).ShouldBe(("releaseParked", "completed", Many, Many));
        (
            await Database.Read<bool>(
                """
                SELECT bool_and(rank = old) FROM (
                  SELECT row_number() OVER (ORDER BY j.due_at) AS rank, row_number() OVER (ORDER BY b.due_at, b.id) AS old
                  FROM step_job j JOIN before b USING (instance_id)) places
                """
            )
        ).ShouldBeTrue("the old order");
        (await Database.Read<double>("SELECT extract(epoch FROM max(due_at) - min(due_at))::float8 FROM step_job")).ShouldBe(
            (Many - 1) / 100.0,
            tolerance: 1.0
        );
        await Database.Execute("DROP TABLE before");
    }

    [Fact]
    public async Task Disabling_stops_a_release_and_enabling_completes_it()
    {
        var node = await Idle();
        var sequence = await Parked(node);
        await Enable(node, sequence, true);
        var first = (await node.LastOperation()).Id;
        await node.RunBatch(first);
        (await Parked()).ShouldBe(Many - 1_000);

        await Enable(node, sequence, false);
        (await node.RunBatch(first)).ShouldBe(OperationProgress.Done);
        (await node.Operation(first)).State.ShouldBe("cancelled");
        (await Parked()).ShouldBe(Many - 1_000);

        await Enable(node, sequence, true);
        await node.RunOperations();
        (await Parked()).ShouldBe(0);
        (await Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'ready'")).ShouldBe(Many);
    }

    [Fact]
    public async Task Enabling_twice_before_the_first_batch_records_one_operation()
    {
        var node = await Idle();
        var sequence = await Parked(node);

        await Enable(node, sequence, true);
        await Enable(node, sequence, false);
        await Enable(node, sequence, true);

        (await Database.Read<long>("SELECT count(*) FROM operation")).ShouldBe(1);
        await node.RunOperations();
        (await Parked()).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Enabling_again_during_a_release_continues_its_spread(bool firstHasEnded)
    {
        var node = await Idle(("Dispatcher:BacklogPerSecond", "100"));
        var sequence = await Parked(node);
        await Enable(node, sequence, true);
        var first = (await node.LastOperation()).Id;
        await node.RunBatch(first);

        await Enable(node, sequence, false);
        if (firstHasEnded)
        {
            await node.RunBatch(first);
        }

        await Enable(node, sequence, true);
        await node.RunOperations();

        (await node.Operation(first)).State.ShouldBe("cancelled");
        (await Parked()).ShouldBe(0);
        (await Database.Read<double>("SELECT extract(epoch FROM max(due_at) - min(due_at))::float8 FROM step_job")).ShouldBe(
            (Many - 1) / 100.0,
            tolerance: 0.1
        );
    }

    [Fact]
    public async Task A_release_waits_while_a_batch_of_an_earlier_one_is_running()
    {
        var node = await Idle();
        var sequence = await Parked(node);
        await Enable(node, sequence, true);
        var first = (await node.LastOperation()).Id;
        await node.RunBatch(first);
        await Enable(node, sequence, false);
        await Enable(node, sequence, true);
        var second = (await node.LastOperation()).Id;
        second.ShouldNotBe(first);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var running = await connection.BeginTransactionAsync();
        await using (var batch = new NpgsqlCommand("SELECT 1 FROM operation WHERE id = $1 FOR NO KEY UPDATE", connection))
        {
            batch.Parameters.Add(new() { Value = first });
            await batch.ExecuteNonQueryAsync();
        }

        await node.RunBatch(second);
        (await Parked()).ShouldBe(Many - 1_000);
        await running.RollbackAsync();
        await node.RunOperations();

        (await Parked()).ShouldBe(0);
    }

    [Fact]
    public async Task A_few_instances_are_released_in_the_request_itself()
    {
        var node = await Idle();
        var sequence = await Parked(node, 20);

        await Enable(node, sequence, true);

        (await Parked()).ShouldBe(0);
        (await node.LastOperation()).State.ShouldBe("completed");
    }

    private async Task<SequenceId> Parked(TestNode node, int count = Many)
    {
        var sequence = await node.Sequence(Steps.Email());
        await node.EnrollMany(sequence, count);
        await Enable(node, sequence, false);
        await Database.Execute("UPDATE step_job SET state = 'parked', park_reason = 'sequenceDisabled', parked_at = now()");
        return sequence;
    }

    private Task<long> Parked() => Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'parked'");

    private static Task<SequenceView> Enable(TestNode node, SequenceId sequence, bool enabled) =>
        node.Do(new UpdateSequence(sequence, default, default, enabled, default, null));
}
