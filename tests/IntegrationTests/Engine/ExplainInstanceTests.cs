using FollowUp.Application.Instances;
using FollowUp.Application.Preview;
using FollowUp.Application.Quotas;
using FollowUp.Application.Scheduling;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Engine;

/// <summary><c>GET /api/instances/{id}/why</c>: each reason for waiting and each end.</summary>
public sealed class ExplainInstanceTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Why_lists_sent_messages_with_their_attempts_and_the_current_wait()
    {
        SendGrid.Next(new HttpAnswer.Status(503));
        var node = await Worker(("Retry:BaseDelay", "20ms"));
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.WaitDays(2), Steps.Email()));
        await Eventually.Holds(async () => (await node.Do(new GetInstance(new(instance.Id)))).CurrentStep == 1, "the mail went out");

        var why = await Why(node, instance);

        var sent = why.Steps.ShouldHaveSingleItem();
        (sent.Index, sent.Type, sent.Version, sent.Outcome, sent.Provider).ShouldBe((0, "EMAIL", 1, "sent", "sendgrid"));
        sent.ProviderMessageId.ShouldNotBeNullOrEmpty();
        sent.Tries.Select(t => t.Outcome).ShouldBe(["retryable", "accepted"]);
        sent.Tries[0].Error!.ShouldContain("503");
        sent.Tries[1].ProviderMessageId.ShouldBe(sent.ProviderMessageId);
        (why.Next!.Index, why.Next.Type, why.Next.Tries.Count).ShouldBe((1, "WAIT", 0));
        (why.Next.DueAt!.Value - sent.At).ShouldBe(TimeSpan.FromDays(2));
        // Berlin, the recipient's zone: the same instant, with that zone's offset.
        DateTimeOffset.Parse(why.Next.LocalTime!, null).ShouldBe(why.Next.DueAt.Value, TimeSpan.FromSeconds(1));
        why.Next.LocalTime!.ShouldEndWith(DateTimeOffset.Parse(why.Next.LocalTime!, null).Offset.ToString(@"\+hh\:mm"));
        why.WaitingFor.ShouldBe(new WaitView("time", "delay", why.Next.DueAt));
        why.Ended.ShouldBeNull();
    }

    [Fact]
    public async Task Why_names_a_retry_and_the_attempts_so_far()
    {
        SendGrid.Default = new HttpAnswer.Status(503);
        var node = await Worker(("Retry:BaseDelay", "1h"));
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        await Eventually.Holds(async () => (await Why(node, instance)).Next!.Attempts == 1, "it was tried");

        var why = await Why(node, instance);

        why.Next!.Moved.ShouldHaveSingleItem().ShouldBe(new MovedView("retry", why.Next.DueAt!.Value));
        (why.Next.Tries.ShouldHaveSingleItem().Outcome, why.Next.LastError!.Contains("503", StringComparison.Ordinal)).ShouldBe(
            ("retryable", true)
        );
        why.WaitingFor.ShouldBe(new WaitView("time", "retry", why.Next.DueAt));
    }

    [Fact]
    public async Task Why_names_a_closed_window_before_a_worker_has_claimed_the_step()
    {
        var node = await Idle();
        var sequence = await Scheduled(node, Closed(), Steps.Email());
        var instance = await node.Enroll(sequence);

        var before = await Why(node, instance);
        // Due, as if it had been scheduled within the window and no worker had run.
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 minute', wanted_at = NULL, waiting_for = '[]'");
        var late = await Why(node, instance);

        before.WaitingFor.ShouldBe(new WaitView("window", "window", before.Next!.DueAt));
        before.Next.WantedAt!.Value.ShouldBeLessThan(before.Next.DueAt!.Value);
        late.WaitingFor.ShouldBe(before.WaitingFor);
        late.Next!.DueAt.ShouldBe(before.Next.DueAt);
        late.Next.Moved.Select(m => m.Reason).ShouldBe(["window"]);
    }

    [Fact]
    public async Task Why_names_the_first_of_several_reasons_that_is_still_effective()
    {
        var node = await Idle();
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        await Database.Execute(
            """
            UPDATE step_job SET due_at = now() + interval '2 days', wanted_at = now() - interval '1 hour', waiting_for = jsonb_build_array(
              jsonb_build_object('reason', 'at', 'to', now() - interval '10 minutes'),
              jsonb_build_object('reason', 'cap', 'to', now() + interval '1 day'),
              jsonb_build_object('reason', 'weekend', 'to', now() + interval '2 days'))
            """
        );

        var why = await Why(node, instance);

        why.Next!.Moved.Select(m => m.Reason).ShouldBe(["at", "cap", "weekend"]);
        why.WaitingFor.ShouldBe(new WaitView("cap", "cap", why.Next.Moved[1].To));
    }

    [Fact]
    public async Task Why_names_a_limit()
    {
        var node = await Worker();
        await node.Do(new SetLimits(null, 1, null, null, null));
        var sequence = await node.Sequence(Steps.Email());
        await node.Enroll(sequence);
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Count == 1), "the day is used up");
        var second = await node.Enroll(sequence);
        // Computed from the job: why knows it before a worker has claimed it.
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'ready' AND due_at > now()") == 1,
            "it waits for the cap"
        );

        var why = await Why(node, second);

        why.WaitingFor.ShouldBe(new WaitView("cap", "cap", why.Next!.DueAt));
        why.Next.Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task Why_distinguishes_an_outage_a_backlog_and_other_owners_steps()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        var (mail, wait) = (await node.Enroll(sequence), await node.Enroll(await node.Sequence(Steps.Wait("PT0S"), Steps.Email())));

        var turn = (await Why(node, mail)).WaitingFor;
        await Database.Execute(
            "UPDATE channel_breaker SET open_until = now() + interval '1 minute', cause = 'SendGrid answered 503' WHERE channel = 'EMAIL'"
        );
        var (down, unmoved) = ((await Why(node, mail)).WaitingFor, (await Why(node, wait)).WaitingFor);
        await Database.Execute(
            "UPDATE channel_breaker SET open_until = NULL, backlog_until = now(), paced_until = now() WHERE channel = 'EMAIL'"
        );
        var backlog = (await Why(node, mail)).WaitingFor;

        turn.ShouldBe(new WaitView("turn", null));
        (down.Reason, down.Because, down.Cause).ShouldBe(("breaker", "EMAIL", "SendGrid answered 503"));
        down.Until!.Value.ShouldBe(DateTimeOffset.UtcNow.AddMinutes(1), TimeSpan.FromSeconds(30));
        unmoved.ShouldBe(new WaitView("turn", null));
        backlog.ShouldBe(new WaitView("pace", "EMAIL"));
    }

    [Fact]
    public async Task Why_names_the_node_and_lease_of_a_claimed_step_even_after_a_stop()
    {
        using var answers = new ManualResetEventSlim();
        SendGrid.Reached = _ => answers.Wait();
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.Email()));
        await Eventually.Holds(async () => (await Why(node, instance)).WaitingFor.Reason == "lease", "it is in hand");

        var sending = await Why(node, instance);
        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Stop(StopReason.Goal)));
        var stopped = await Why(node, instance);
        answers.Set();

        (sending.WaitingFor.Reason, sending.Next!.Index, sending.Next.Tries.Single().Outcome).ShouldBe(("lease", 0, "sending"));
        sending.WaitingFor.Node.ShouldNotBeNullOrEmpty();
        sending.WaitingFor.Until!.Value.ShouldBeGreaterThan(sending.AsOf);
        (stopped.Status, stopped.WaitingFor.Reason, stopped.Next!.Index).ShouldBe(("STOPPED", "lease", 0));
        stopped.Ended!.Reason.ShouldBe("goal");
    }

    [Fact]
    public async Task Why_names_each_state_that_needs_a_user()
    {
        SendGrid.Default = new HttpAnswer.Status(400);
        var node = await Worker(("Dispatcher:MaxLateness", "1h"));
        var sequence = await node.Sequence(Steps.Email());
        var failed = await node.Enroll(sequence);
        await node.Becomes(failed.Id, "FAILED");
        SendGrid.Default = new HttpAnswer.AcceptThenReset();
        var doubtful = await node.Enroll(sequence);
        await Eventually.Holds(async () => (await Why(node, doubtful)).WaitingFor.Because == "inDoubt", "it is in doubt");
        await node.Stop();
        var idle = await Idle(("Dispatcher:MaxLateness", "1h"));
        var paused = await idle.Enroll(sequence);
        await idle.Do(new ActOnInstance(new(paused.Id), InstanceAction.Pause));
        var late = await idle.Enroll(sequence);
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '2 hours' WHERE instance_id = $1", late.Id);
        var other = await idle.Sequence(Steps.WaitDays(1), Steps.Email());
        var disabled = await idle.Enroll(other);
        await idle.Do(new UpdateSequence(other, default, default, false, default, null));

        (await Why(idle, failed)).Steps.Single().Error!.ShouldContain("400");
        (await Why(idle, failed)).Next!.ShouldSatisfyAllConditions(n => n.DueAt.ShouldBeNull(), n => n.LastError!.ShouldContain("400"));
        (await Why(idle, failed)).WaitingFor.ShouldBe(new WaitView("person", "failed"));
        (await Why(idle, doubtful)).WaitingFor.ShouldSatisfyAllConditions(
            w => (w.Reason, w.Because).ShouldBe(("person", "inDoubt")),
            w => w.Until!.Value.ShouldBeGreaterThan(DateTimeOffset.UtcNow)
        );
        (await Why(idle, doubtful)).Next!.Tries.Single().Outcome.ShouldBe("inDoubt");
        (await Why(idle, paused)).WaitingFor.ShouldBe(new WaitView("person", "paused"));
        (await Why(idle, paused)).Next!.DueAt.ShouldBeNull();
        // As the worker would find them: no worker has claimed these two yet.
        (await Why(idle, late)).WaitingFor.ShouldBe(new WaitView("person", "late"));
        (await Why(idle, disabled)).WaitingFor.ShouldBe(new WaitView("person", "sequenceDisabled"));
        (await Database.Read<long>("SELECT count(*) FROM step_job WHERE park_reason IS NOT NULL")).ShouldBe(1, "looking changes nothing");
    }

    [Fact]
    public async Task Why_names_the_reason_of_the_end_and_the_skipped_steps()
    {
        var node = await Worker();
        var completed = await node.Enroll(await node.Sequence(Steps.Email(), Steps.Sms()), phone: null);
        await node.Becomes(completed.Id, "COMPLETED");
        var stopped = await node.Enroll(await node.Sequence(Steps.WaitDays(1), Steps.Email()));
        await node.Do(new ActOnInstance(new(stopped.Id), InstanceAction.Stop(StopReason.Replied)));

        var (whole, short_) = (await Why(node, completed), await Why(node, stopped));

        whole.Steps.Select(s => (s.Outcome, s.Reason)).ShouldBe([("sent", null), ("skipped", "noSmsProvider")]);
        (whole.Next, whole.WaitingFor).ShouldBe((null, new WaitView("nothing", "completed")));
        (whole.Ended!.Type, whole.Ended.Reason).ShouldBe(("completed", null));
        (short_.Next, short_.WaitingFor).ShouldBe((null, new WaitView("nothing", "replied")));
        (short_.Ended!.Type, short_.Ended.Reason).ShouldBe(("stopped", "replied"));
    }

    private static Task<InstanceExplanation> Why(TestNode node, InstanceView instance) => node.Do(new ExplainInstance(new(instance.Id)));

    /// <summary>A window of one hour that opens in two hours, in a zone where it is still today's.</summary>
    private static ScheduleInput Closed()
    {
        var now = DateTime.UtcNow;
        return new()
        {
            TimeZone = "Etc/UTC",
            From = now.AddHours(2).ToString("HH:mm", null),
            To = now.AddHours(3).ToString("HH:mm", null),
        };
    }

    private static async Task<SequenceId> Scheduled(TestNode node, ScheduleInput schedule, params StepInput[] steps) =>
        new((await node.Do(new CreateSequence("Follow-up", null, true, steps, schedule))).Id);
}
