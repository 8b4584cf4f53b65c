using FollowUp.Application.Instances;
using FollowUp.Application.Operations;
using FollowUp.Application.Preview;
using FollowUp.Application.Recipients;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>A deleted sequence is gone at once; its rows are deleted in the background.</summary>
public sealed class DeleteSequenceTests(TestDatabase database) : EngineTest(database)
{
    private const int Many = 3_000;

    [Fact]
    public async Task Every_read_omits_a_deleted_sequence_whose_rows_still_exist()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1), Steps.Email());
        await node.EnrollMany(sequence, Many);
        var kept = await node.Enroll(await node.Sequence(Steps.WaitDays(1)));
        var instance = new InstanceId(await Database.Read<Guid>("SELECT id FROM instance WHERE sequence_id = $1 LIMIT 1", sequence.Value));

        await node.Do(new DeleteSequence(sequence, null));

        (await Rows("instance", sequence)).ShouldBe(Many);
        Error.Of(await node.Send(new GetSequence(sequence)))!.Kind.ShouldBe(ErrorKind.NotFound);
        Error.Of(await node.Send(new DeleteSequence(sequence, null)))!.Kind.ShouldBe(ErrorKind.NotFound);
        Error.Of(await node.Send(new GetStats(sequence, null, null, null)))!.Kind.ShouldBe(ErrorKind.NotFound);
        Error.Of(await node.Send(new ListVersions(sequence, null, null)))!.Kind.ShouldBe(ErrorKind.NotFound);
        Error.Of(await node.Send(new GetVersion(sequence, 1)))!.Kind.ShouldBe(ErrorKind.NotFound);
        Error.Of(await node.Send(new GetInstance(instance)))!.Kind.ShouldBe(ErrorKind.NotFound);
        Error.Of(await node.Send(new ExplainInstance(instance)))!.Kind.ShouldBe(ErrorKind.NotFound);
        Error.Of(await node.Send(new GetTimeline(instance, null, null)))!.Kind.ShouldBe(ErrorKind.NotFound);
        Error.Of(await node.Send(new VerifyTimeline(instance)))!.Kind.ShouldBe(ErrorKind.NotFound);
        Error.Of(await node.Send(new ActOnInstance(instance, InstanceAction.Pause)))!.Kind.ShouldBe(ErrorKind.NotFound);
        (await node.Do(new ListSequences(null, null, null, null))).Items.Select(s => s.Id).ShouldBe([kept.SequenceId]);
        (await node.Do(new ListInstances(new(), null, null))).Items.Select(i => i.Id).ShouldBe([kept.Id]);
        (await Rows("follow_up_event", sequence)).ShouldBe(Many);
    }

    [Fact]
    public async Task Batches_delete_all_rows_of_the_sequence_and_nothing_else()
    {
        var node = await Worker();
        var sequence = await node.Sequence(Steps.Email(), Steps.WaitDays(1));
        var kept = await node.Enroll(await node.Sequence(Steps.WaitDays(1)));
        await node.EnrollMany(sequence, Many);
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE step_type = 'WAIT'") == Many + 1,
            "all have had their mail"
        );

        await node.Do(new DeleteSequence(sequence, null));
        var operation = await node.Completes((await node.LastOperation()).Id);

        (operation.Kind, operation.TargetId, operation.Total, operation.Done).ShouldBe(("deleteSequence", sequence.Value, Many, Many));
        foreach (var table in (string[])["instance", "step_job", "sequence_version", "follow_up_event", "step_stat"])
        {
            (await Rows(table, sequence)).ShouldBe(0, table);
        }

        (await Database.Read<long>("SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM attempt)")).ShouldBe(0);
        (await Database.Read<long>("SELECT count(*) FROM sequence")).ShouldBe(1);
        (await node.Do(new VerifyTimeline(new InstanceId(kept.Id)))).Intact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_deleted_sequence_sends_nothing_from_the_commit_on()
    {
        var office = await Idle();
        var sequence = await office.Sequence(Steps.Email());
        await office.EnrollMany(sequence, Many);

        await office.Do(new DeleteSequence(sequence, null));
        await Worker();
        await office.Completes((await office.LastOperation()).Id);

        SendGrid.Requests.ShouldBe(0);
        (await Database.Read<long>("SELECT count(*) FROM step_job")).ShouldBe(0);
    }

    [Fact]
    public async Task Another_node_continues_where_the_last_commit_ended()
    {
        var first = await Idle();
        var sequence = await first.Sequence(Steps.WaitDays(1));
        await first.EnrollMany(sequence, Many);
        await first.Do(new DeleteSequence(sequence, null));
        var id = (await first.LastOperation()).Id;
        (await first.RunBatch(id)).ShouldBe(OperationProgress.More);
        var half = await first.Operation(id);
        (half.State, half.Done > 0, half.Done < Many).ShouldBe(("running", true, true));

        // An interrupted batch has no effect.
        await Database.Execute(
            """
            CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
            CREATE TRIGGER cut_off AFTER DELETE ON instance FOR EACH STATEMENT EXECUTE FUNCTION cut_off();
            """
        );
        await Should.ThrowAsync<Exception>(() => first.RunBatch(id));
        await Database.Execute("DROP TRIGGER cut_off ON instance; DROP FUNCTION cut_off()");
        (await Rows("instance", sequence)).ShouldBe(Many - half.Done);

        await (await Idle()).RunOperations();

        var operation = await first.Operation(id);
        (operation.State, operation.Total, operation.Done).ShouldBe(("completed", Many, Many));
        (await Rows("instance", sequence)).ShouldBe(0);
    }

    [Fact]
    public async Task A_locked_instance_is_deleted_after_its_lock_is_released()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, 200);
        await node.Do(new DeleteSequence(sequence, null));
        var id = (await node.LastOperation()).Id;
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            await using var hold = new NpgsqlCommand("SELECT 1 FROM instance LIMIT 5 FOR NO KEY UPDATE", connection);
            await hold.ExecuteNonQueryAsync();
            for (var batch = 0; batch < 5; batch++)
            {
                (await node.RunBatch(id)).ShouldBe(OperationProgress.More);
            }

            (await Rows("instance", sequence)).ShouldBe(5);
        }

        await node.RunOperations();

        (await node.Operation(id)).Done.ShouldBe(200);
        (await Rows("instance", sequence)).ShouldBe(0);
    }

    [Fact]
    public async Task Enrolments_concurrent_with_a_deletion_end_and_leave_no_rows()
    {
        var node = await Worker();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, 500);
        var enrolling = Enumerable
            .Range(0, 8)
            .Select(async _ =>
            {
                for (var i = 0; i < 25; i++)
                {
                    await node.Send(
                        new EnrollRecipient(
                            sequence,
                            new EnrolmentInput(new RecipientInput($"{Guid.NewGuid():N}@example.com", null, null, null), null, null, null)
                        )
                    );
                }
            })
            .ToList();

        await node.Do(new DeleteSequence(sequence, null));
        await Task.WhenAll(enrolling);
        await node.Completes((await node.LastOperation()).Id);

        foreach (var table in (string[])["instance", "step_job", "follow_up_event", "sequence_version"])
        {
            (await Rows(table, sequence)).ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task The_log_of_an_existing_sequence_cannot_be_deleted_and_a_deletion_cannot_be_undone()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, 200);
        await Refused("DELETE FROM follow_up_event");
        await Refused("DELETE FROM instance");

        await node.Do(new DeleteSequence(sequence, null));

        await Refused("UPDATE sequence SET deleted_at = NULL");
        await Refused("UPDATE follow_up_event SET type = 'x'");
        Error.Of(await node.Send(new CancelOperation(new((await node.LastOperation()).Id))))!.ErrorCode.ShouldBe("notCancellable");
    }

    private async Task Refused(string sql) =>
        (await Should.ThrowAsync<PostgresException>(() => Database.Execute(sql))).SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);

    private Task<long> Rows(string table, SequenceId sequence) =>
        Database.Read<long>($"SELECT count(*) FROM {table} WHERE sequence_id = $1", sequence.Value);
}
