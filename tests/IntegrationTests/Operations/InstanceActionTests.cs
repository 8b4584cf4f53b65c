using FollowUp.Application.Instances;
using FollowUp.Application.Operations;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>One action on many instances, in the background.</summary>
public sealed class InstanceActionTests(TestDatabase database) : EngineTest(database)
{
    private const int Many = 3_000;

    [Fact]
    public async Task A_pause_reaches_every_instance_and_writes_one_event_each()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1), Steps.Email());
        await node.EnrollMany(sequence, Many);
        var other = await node.Enroll(await node.Sequence(Steps.WaitDays(1)));

        var begun = await Act(node, Pause(sequence));
        (begun.Kind, begun.State, begun.Actor.Kind).ShouldBe(("instanceAction", "queued", "user"));
        var worker = await Worker();
        var operation = await worker.Completes(begun.Id);

        (operation.Total, operation.Done, operation.Refused).ShouldBe((Many, Many, 0));
        (await Count("status = 'PAUSED'")).ShouldBe(Many);
        (await Count("status = 'ACTIVE'")).ShouldBe(1);
        (await Database.Read<long>("SELECT count(DISTINCT instance_id) FROM follow_up_event WHERE type = 'paused'")).ShouldBe(Many);
        (await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE type = 'paused'")).ShouldBe(Many);
        foreach (var id in await Database.ReadAll<Guid>("SELECT id FROM instance ORDER BY random() LIMIT 20"))
        {
            (await node.Do(new VerifyTimeline(new InstanceId(id)))).Intact.ShouldBeTrue();
        }

        (await Story(node, other.Id)).ShouldBe(["enrolled"]);
    }

    [Fact]
    public async Task An_interrupted_batch_is_repeated_by_another_node_without_duplicates()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, 500);
        var id = (await Act(node, Pause(sequence))).Id;
        await node.RunBatch(id);
        await Database.Execute(
            """
            CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
            CREATE TRIGGER cut_off AFTER INSERT ON follow_up_event FOR EACH STATEMENT EXECUTE FUNCTION cut_off();
            """
        );
        await Should.ThrowAsync<Exception>(() => node.RunBatch(id));
        await Database.Execute("DROP TRIGGER cut_off ON follow_up_event; DROP FUNCTION cut_off()");

        await (await Idle()).RunOperations();

        (await node.Operation(id)).Done.ShouldBe(500);
        (await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE type = 'paused'")).ShouldBe(500);
    }

    [Fact]
    public async Task Resuming_instances_that_an_outage_made_late_is_spread()
    {
        var node = await Idle(("Dispatcher:BacklogPerSecond", "10"));
        var sequence = await node.Sequence(Steps.Email());
        await node.EnrollMany(sequence, 300);
        await Database.Execute("UPDATE instance SET status = 'PAUSED', attention = 'late'");
        await Database.Execute(
            "UPDATE step_job SET state = 'parked', park_reason = 'paused', parked_at = now(), due_at = now() - interval '5 days'"
        );

        var id = (
            await Act(
                node,
                new()
                {
                    Action = "resume",
                    Filter = new() { Attention = "late" },
                    Timing = "keep",
                }
            )
        ).Id;
        await node.RunOperations();

        (await node.Operation(id)).Done.ShouldBe(300);
        (await Count("status = 'ACTIVE' AND attention IS NULL")).ShouldBe(300);
        (await Database.Read<double>("SELECT extract(epoch FROM max(due_at) - min(due_at))::float8 FROM step_job")).ShouldBe(
            29.9,
            tolerance: 0.5
        );
    }

    [Fact]
    public async Task A_mass_action_resolves_many_steps_in_doubt()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email(), Steps.WaitDays(1));
        await node.EnrollMany(sequence, 250);
        await InDoubt("true");

        var id = (
            await Act(
                node,
                new()
                {
                    Action = "resolve",
                    Filter = new() { Attention = "inDoubt" },
                    Outcome = "sent",
                }
            )
        ).Id;
        await node.RunOperations();

        (await node.Operation(id)).Done.ShouldBe(250);
        (await Count("current_step = 1 AND attention IS NULL")).ShouldBe(250);
    }

    [Fact]
    public async Task A_stop_for_a_complaint_suppresses_each_address()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, 210);

        await Act(
            node,
            new()
            {
                Action = "stop",
                Reason = "complained",
                Filter = new() { SequenceId = sequence.Value },
            }
        );
        await node.RunOperations();

        (await Count("status = 'STOPPED' AND stop_reason = 'complained'")).ShouldBe(210);
        (await Database.Read<long>("SELECT count(*) FROM suppression WHERE reason = 'complained'")).ShouldBe(210);
        (await Database.Read<long>("SELECT count(*) FROM step_job")).ShouldBe(0);
    }

    [Fact]
    public async Task A_mass_retry_retries_one_of_two_failed_instances_of_a_recipient()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        await node.Enroll(sequence, "anna@example.com");
        await Failed();
        await node.Enroll(sequence, "anna@example.com");
        await Failed();

        var id = (
            await Act(
                node,
                new()
                {
                    Action = "retry",
                    Filter = new() { Status = "FAILED" },
                }
            )
        ).Id;
        await node.RunOperations();

        var operation = await node.Operation(id);
        (operation.Done, operation.RefusedBy.ShouldHaveSingleItem()).ShouldBe((1, new RefusalCount("alreadyEnrolled", 1)));
    }

    [Fact]
    public async Task A_locked_instance_is_changed_later()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, 50);
        var id = (await Act(node, Pause(sequence))).Id;
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            await using var hold = new NpgsqlCommand("SELECT 1 FROM instance LIMIT 3 FOR NO KEY UPDATE", connection);
            await hold.ExecuteNonQueryAsync();
            (await node.RunBatch(id)).ShouldBe(OperationProgress.More);
            (await node.RunBatch(id)).ShouldBe(OperationProgress.More);
            (await node.Operation(id)).Done.ShouldBe(47);
        }

        await node.RunOperations();

        (await node.Operation(id)).Done.ShouldBe(50);
    }

    [Fact]
    public async Task An_instance_that_cannot_be_written_does_not_block_the_others()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, 30);
        await Database.Execute(
            """
            CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF (SELECT email LIKE '%.7@example.com' FROM instance WHERE id = NEW.instance_id) THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER poison BEFORE INSERT ON follow_up_event FOR EACH ROW WHEN (NEW.type = 'paused') EXECUTE FUNCTION poison();
            """
        );
        try
        {
            var id = (await Act(node, Pause(sequence))).Id;
            var operation = await (await Worker()).Completes(id);
            (operation.Done, operation.Errors).ShouldBe((29, 1));
            operation.LastError.ShouldNotBeNull();
            (await Count("status = 'PAUSED'")).ShouldBe(29);
        }
        finally
        {
            await Database.Execute("DROP TRIGGER poison ON follow_up_event; DROP FUNCTION poison()");
        }
    }

    [Fact]
    public async Task Instances_enrolled_after_the_request_are_not_changed()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, 250);
        var id = (await Act(node, Pause(sequence))).Id;
        await node.RunBatch(id);
        var later = await node.Enroll(sequence);

        await node.RunOperations();

        (await node.Operation(id)).Done.ShouldBe(250);
        (await Story(node, later.Id)).ShouldBe(["enrolled"]);
    }

    [Fact]
    public async Task A_named_instance_of_another_user_is_not_found()
    {
        var node = await Idle();
        var (mine, theirs) = (await node.Sequence(Steps.WaitDays(1)), await node.Sequence(Steps.WaitDays(1)));
        var (own, foreign) = (await node.Enroll(mine), await node.Enroll(theirs));
        await GiveToAnotherUser(theirs);
        var input = new InstanceActionInput { Action = "pause", Ids = [own.Id, foreign.Id, Guid.NewGuid()] };

        var counts = await node.Do(new CountInstanceAction(input));
        var id = (await Act(node, input)).Id;
        await node.RunOperations();

        (counts.Matching, counts.Allowed, counts.Refused.ShouldHaveSingleItem()).ShouldBe((1, 1, new RefusalCount("notFound", 2)));
        var operation = await node.Operation(id);
        (operation.Total, operation.Done, operation.RefusedBy.ShouldHaveSingleItem()).ShouldBe((3, 1, new RefusalCount("notFound", 2)));
        (await Count("status = 'PAUSED'")).ShouldBe(1);
    }

    /// <summary>The rule of the dry run repeats that of the aggregate; this test compares both.</summary>
    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("stop")]
    [InlineData("retry")]
    [InlineData("skip")]
    [InlineData("resolve")]
    public async Task A_dry_run_predicts_the_counts_of_the_action(string action)
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email(), Steps.WaitDays(1));
        // A recipient who is enrolled again beside a failed instance.
        await node.Enroll(sequence, "rival@example.com");
        await Failed();
        await node.Enroll(sequence, "rival@example.com");
        for (var i = 0; i < 6; i++)
        {
            await node.Enroll(sequence, $"p{i}@example.com");
        }

        await Database.Execute(
            """
            UPDATE instance SET status = 'COMPLETED' WHERE email = 'p0@example.com';
            UPDATE instance SET status = 'STOPPED', stop_reason = 'manual' WHERE email = 'p1@example.com';
            UPDATE instance SET status = 'FAILED', attention = 'failed' WHERE email = 'p2@example.com';
            UPDATE instance SET status = 'PAUSED' WHERE email IN ('p3@example.com', 'p4@example.com');
            DELETE FROM step_job WHERE instance_id IN (SELECT id FROM instance WHERE status IN ('COMPLETED', 'STOPPED', 'FAILED'));
            UPDATE step_job SET state = 'parked', park_reason = 'paused', parked_at = now()
            WHERE instance_id IN (SELECT id FROM instance WHERE status = 'PAUSED');
            """
        );
        await InDoubt("email IN ('p4@example.com', 'p5@example.com')");
        var input = new InstanceActionInput
        {
            Action = action,
            Filter = new() { SequenceId = sequence.Value },
            Reason = action == "stop" ? "manual" : null,
            Outcome = action == "resolve" ? "sent" : null,
        };

        var counts = await node.Do(new CountInstanceAction(input));
        await Act(node, input);
        await node.RunOperations();

        var operation = await node.LastOperation();
        counts.Matching.ShouldBe(8);
        counts.Allowed.ShouldBeGreaterThan(0);
        (counts.Matching, counts.Allowed).ShouldBe((operation.Total!.Value, operation.Done));
        counts.Refused.ShouldBe(operation.RefusedBy);
    }

    [Fact]
    public async Task At_most_20_operations_of_a_user_are_open()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        for (var i = 0; i < 20; i++)
        {
            await Act(node, Pause(sequence));
        }

        Error.Of(await node.Send(new ActOnInstances(Pause(sequence))))!.ErrorCode.ShouldBe("tooManyOperations");
    }

    private static InstanceActionInput Pause(SequenceId sequence) =>
        new()
        {
            Action = "pause",
            Filter = new() { SequenceId = sequence.Value },
        };

    private static Task<OperationView> Act(TestNode node, InstanceActionInput input) => node.Do(new ActOnInstances(input));

    private Task<long> Count(string condition) => Database.Read<long>($"SELECT count(*) FROM instance WHERE {condition}");

    /// <summary>The active instances have failed.</summary>
    private Task<int> Failed() =>
        Database.Execute(
            """
            DELETE FROM step_job; UPDATE instance SET status = 'FAILED', attention = 'failed' WHERE status = 'ACTIVE'
            """
        );

    private async Task InDoubt(string condition)
    {
        await Database.Execute(
            $"""
            UPDATE step_job SET state = 'in_doubt', park_reason = NULL, parked_at = NULL
            WHERE instance_id IN (SELECT id FROM instance WHERE {condition});
            UPDATE instance SET attention = 'inDoubt' WHERE {condition}
            """
        );
    }
}
