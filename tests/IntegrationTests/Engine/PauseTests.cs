using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

public sealed class PauseTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Pause_parks_the_job_and_resume_continues_at_the_same_step()
    {
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email("first"), Steps.WaitDays(1), Steps.Email("second")));
        await Eventually.Holds(async () => await Database.Read<int>("SELECT current_step FROM instance") == 1, "the wait is under way");

        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Pause));
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 hour', parked_at = now() - interval '1 hour'");
        await Task.Delay(200); // Several polls, in which nothing may happen.
        var whilePaused = SendGrid.Accepted.Count;
        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Resume()));

        await node.Becomes(instance.Id, "COMPLETED");
        whilePaused.ShouldBe(1);
        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["first", "second"]);
        (await Story(node, instance.Id)).ShouldBe([
            "enrolled",
            "EMAIL sent",
            "paused",
            "resumed",
            "WAIT completed",
            "EMAIL sent",
            "completed",
        ]);
    }

    [Theory]
    [InlineData(ResumeTiming.Shift, 47)]
    [InlineData(ResumeTiming.Keep, 37)]
    [InlineData(ResumeTiming.Restart, 72)]
    public async Task Resume_keeps_the_remaining_wait_or_the_due_instant_or_restarts_the_wait(ResumeTiming timing, int hoursLeft)
    {
        var node = await Idle();
        var instance = await node.Enroll(await node.Sequence(Steps.WaitDays(3), Steps.Email()));
        await Database.Execute("UPDATE step_job SET due_at = now() + interval '47 hours'");
        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Pause));
        await Database.Travel(TimeSpan.FromHours(10));

        var resumed = await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Resume(timing)));

        var left = resumed.NextDueAt!.Value - await Database.Read<DateTime>("SELECT now()");
        left.TotalHours.ShouldBe(hoursLeft, tolerance: 0.05);
    }

    [Fact]
    public async Task A_pause_during_a_send_completes_it_and_holds_the_next_step()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(400));
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email("first"), Steps.Email("second")));
        await Called(1);

        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Pause));
        await Eventually.Holds(
            async () => await Database.Read<int>("SELECT current_step FROM instance") == 1,
            "the first step is recorded"
        );

        (await Database.Read<string>("SELECT state FROM step_job")).ShouldBe("parked");
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "paused", "EMAIL sent"]);
        SendGrid.Accepted.Count.ShouldBe(1);
        (await node.Do(new VerifyTimeline(new(instance.Id)))).Intact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stop_during_a_send_completes_it_and_sends_nothing_more()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(400));
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email("first"), Steps.Email("second")));
        await Called(1);

        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Stop(StopReason.Replied)));
        await Eventually.Holds(async () => await Database.Read<long>("SELECT count(*) FROM step_job") == 0, "the job is gone");

        (await Story(node, instance.Id)).ShouldBe(["enrolled", "stopped", "EMAIL sent"]);
        (await node.Do(new GetInstance(new(instance.Id)))).Status.ShouldBe("STOPPED");
        SendGrid.Accepted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_pause_stop_or_suppression_committed_before_the_claim_prevents_the_send()
    {
        var idle = await Idle();
        var sequence = await idle.Sequence(Steps.Email());
        var paused = await idle.Enroll(sequence);
        var stopped = await idle.Enroll(sequence);
        var suppressed = await idle.Enroll(sequence, "Gone@Example.com");
        var last = await idle.Enroll(sequence);
        await idle.Do(new ActOnInstance(new(paused.Id), InstanceAction.Pause));
        await idle.Do(new ActOnInstance(new(stopped.Id), InstanceAction.Stop(StopReason.Manual)));
        await Database.Execute(
            "INSERT INTO suppression (id, owner_id, channel, address, reason, created_at) VALUES (gen_random_uuid(), $1, 'EMAIL', 'GONE@example.com', 'unsubscribed', now())",
            TestNode.Owner.Value
        );

        var worker = await Worker();
        await worker.Becomes(last.Id, "COMPLETED");
        await worker.Becomes(suppressed.Id, "STOPPED");

        SendGrid.Accepted.Select(m => m.InstanceId).ShouldBe([last.Id]);
        (await worker.Do(new GetInstance(new(suppressed.Id)))).StopReason.ShouldBe("unsubscribed");
        (await Database.Read<long>("SELECT count(*) FROM attempt WHERE instance_id <> $1", last.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_disabled_sequence_parks_its_instances_and_spreads_them_when_it_is_enabled_again()
    {
        var node = await Worker(("Dispatcher:BacklogPerSecond", "2"));
        var sequence = await node.Sequence(Steps.WaitDays(1), Steps.Email());
        for (var i = 0; i < 4; i++)
        {
            await node.Enroll(sequence);
        }

        await node.Do(new UpdateSequence(sequence, default, default, false, default, null));
        await Database.Travel(TimeSpan.FromDays(1));
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'parked'") == 4,
            "all are parked"
        );
        var whileDisabled = SendGrid.Requests;
        await node.Do(new UpdateSequence(sequence, default, default, true, default, null));
        var spread = await Database.ReadAll<double>(
            "SELECT extract(epoch FROM due_at - min(due_at) OVER ())::float8 FROM step_job WHERE step_type = 'WAIT' ORDER BY due_at DESC LIMIT 1"
        );

        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == 4,
            "all go on"
        );
        whileDisabled.ShouldBe(0);
        spread.Single().ShouldBeGreaterThan(0.4);
        SendGrid.Accepted.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_step_claimed_while_its_sequence_was_disabled_does_not_stay_parked_if_the_sequence_is_enabled_before_the_write_back()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        await node.Enroll(sequence);
        await node.Do(new UpdateSequence(sequence, default, default, false, default, null));
        var claim = await node.Services.GetRequiredService<StepOutbox>().Claim(1, CancellationToken.None);
        await node.Do(new UpdateSequence(sequence, default, default, true, default, null));

        var written = await node.Do(new ExecuteStep(claim.Steps.Single()));

        written.ShouldBe(WriteBack.Stale);
        (await Database.Read<string>("SELECT state FROM step_job")).ShouldBe("ready");
    }

    [Fact]
    public async Task A_write_back_does_not_park_a_step_of_a_sequence_that_was_enabled_since_the_claim()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        await node.Enroll(sequence);
        await node.Do(new UpdateSequence(sequence, default, default, false, default, null));
        var claim = await node.Services.GetRequiredService<StepOutbox>().Claim(1, CancellationToken.None);
        await Database.Execute("UPDATE sequence SET enabled = true");

        var written = await node.Do(new ExecuteStep(claim.Steps.Single()));

        written.ShouldBe(WriteBack.Stale);
        (await Database.Read<string>("SELECT state FROM step_job")).ShouldBe("ready");
    }

    [Fact]
    public async Task A_step_overdue_by_more_than_MaxLateness_waits_for_confirmation_by_a_user()
    {
        var idle = await Idle();
        var instance = await idle.Enroll(await idle.Sequence(Steps.Email()));
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '4 days'");

        var worker = await Worker();
        var held = await worker.Becomes(instance.Id, "PAUSED");
        var before = SendGrid.Requests;
        await worker.Do(new ActOnInstance(new(instance.Id), InstanceAction.Resume()));

        await worker.Becomes(instance.Id, "COMPLETED");
        held.Attention.ShouldBe("late");
        before.ShouldBe(0);
    }
}
