using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

public sealed class InstanceTests
{
    private static readonly DateTimeOffset Now = An.Noon;

    [Fact]
    public void Enrolling_makes_the_first_job_due_now()
    {
        var instance = An.InstanceOf(An.Mail);

        (instance.Status, instance.Job!.DueAt, instance.Job.State).ShouldBe((InstanceStatus.Active, Now, JobState.Ready));
    }

    [Fact]
    public void A_future_start_is_kept_and_a_past_start_means_now()
    {
        var sequence = An.SequenceOf(An.Days(2));

        Instance.Enroll(sequence, An.Anna, "{}", null, Now.AddDays(1), Now).Value.Job!.DueAt.ShouldBe(Now.AddDays(3));
        Instance.Enroll(sequence, An.Anna, "{}", null, Now.AddDays(-9), Now).Value.Job!.DueAt.ShouldBe(Now.AddDays(2));
    }

    [Theory]
    [InlineData(ResumeTiming.Shift, 2)]
    [InlineData(ResumeTiming.Keep, 0)]
    [InlineData(ResumeTiming.Restart, 3)]
    public void Resume_follows_its_timing(ResumeTiming timing, int daysFromResume)
    {
        var instance = An.InstanceOf(An.Days(3));
        instance.Pause(Now.AddDays(1));

        instance.Resume(timing, new([An.Days(3)]), Now.AddDays(10)).IsSuccess.ShouldBeTrue();

        instance.Job!.DueAt.ShouldBe(Now.AddDays(10 + daysFromResume));
    }

    [Fact]
    public void Each_failure_doubles_the_delay_and_the_sixth_is_final()
    {
        var instance = An.InstanceOf(An.Mail).Claimed();
        List<double> delays = [];
        for (var i = 0; i < 5; i++)
        {
            instance.Apply(An.Failed(), new([An.Mail]), An.Rules, Now);
            delays.Add((instance.Job!.DueAt - Now).TotalSeconds);
        }

        instance.Apply(An.Failed(), new([An.Mail]), An.Rules, Now);

        delays.ShouldBe([1, 2, 4, 8, 16]);
        (instance.Status, instance.Attention, instance.Attempts, instance.Job).ShouldBe((InstanceStatus.Failed, Attention.Failed, 6, null));
    }

    [Fact]
    public void A_Retry_After_beyond_the_backoff_applies_and_an_earlier_one_does_not()
    {
        var later = An.InstanceOf(An.Mail).Claimed();
        var earlier = An.InstanceOf(An.Mail).Claimed();

        later.Apply(An.Failed(retryAfter: TimeSpan.FromMinutes(2)), new([An.Mail]), An.Rules, Now);
        earlier.Apply(An.Failed(retryAfter: TimeSpan.FromMilliseconds(1)), new([An.Mail]), An.Rules, Now);

        later.Job!.DueAt.ShouldBe(Now.AddMinutes(2));
        earlier.Job!.DueAt.ShouldBe(Now.AddSeconds(1));
    }

    [Fact]
    public void A_postponement_is_no_attempt_and_keeps_the_order()
    {
        var instance = An.InstanceOf(An.Mail).Claimed();

        instance.Apply(An.Failed(postponed: true), new([An.Mail]), An.Rules, Now.AddHours(1));

        (instance.Attempts, instance.Job!.DueAt, instance.Job.State).ShouldBe((0, Now, JobState.Ready));
    }

    [Fact]
    public void A_sent_step_creates_the_next_job_and_the_last_one_completes()
    {
        Step[] steps = [An.Mail, An.Days(1)];
        var instance = An.InstanceOf(steps).Claimed();

        instance.Apply(An.Sent, new(steps), An.Rules, Now);
        var wait = instance.Job!;
        instance.Apply(new StepOutcome.WaitOver(), new(steps), An.Rules, Now.AddDays(1));

        (wait.StepType, wait.DueAt).ShouldBe((StepType.Wait, Now.AddDays(1)));
        (instance.Status, instance.Job).ShouldBe((InstanceStatus.Completed, null));
    }

    [Fact]
    public void A_pause_during_a_send_parks_the_next_step_with_its_whole_delay()
    {
        Step[] steps = [An.Mail, An.Days(2), An.Mail];
        var instance = An.InstanceOf(steps).Claimed();
        instance.Pause(Now);

        instance.Apply(An.Sent, new(steps), An.Rules, Now.AddSeconds(1));
        instance.Resume(ResumeTiming.Shift, new(steps), Now.AddDays(7));

        instance.Job!.DueAt.ShouldBe(Now.AddDays(9));
    }

    [Fact]
    public void A_user_resolves_a_step_in_doubt_as_sent_or_resends_it()
    {
        Step[] steps = [An.Mail, An.Mail];
        var sent = An.InstanceOf(steps).Claimed();
        var resent = An.InstanceOf(steps).Claimed();
        sent.Apply(new StepOutcome.Doubtful("timeout"), new(steps), An.Rules, Now);
        resent.Apply(new StepOutcome.Doubtful("timeout"), new(steps), An.Rules, Now);

        sent.Resolve(Resolution.Sent, ResolvedBy.Person, new(steps), Now).IsSuccess.ShouldBeTrue();
        resent.Resolve(Resolution.Resend, ResolvedBy.Person, new(steps), Now).IsSuccess.ShouldBeTrue();

        (sent.CurrentStep.Value, sent.Attention, sent.Job!.State).ShouldBe((1, null, JobState.Ready));
        (resent.CurrentStep.Value, resent.Attention, resent.Job!.State).ShouldBe((0, null, JobState.Ready));
        resent.Resolve(Resolution.Resend, ResolvedBy.Person, new(steps), Now).IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public void Begin_uses_the_state_that_the_claim_read()
    {
        Instance Fresh() => An.InstanceOf(An.Mail).Claimed();
        var (disabled, suppressed, late, unconfigured) = (Fresh(), Fresh(), Fresh(), Fresh());

        disabled.Begin(An.Fine with { SequenceEnabled = false }, new([An.Mail]), Now).ShouldBe(StepDecision.NoSend);
        suppressed.Begin(An.Fine with { Suppressed = StopReason.Complained }, new([An.Mail]), Now).ShouldBe(StepDecision.NoSend);
        late.Begin(An.Fine, new([An.Mail]), Now.AddDays(4)).ShouldBe(StepDecision.NoSend);
        unconfigured.Begin(An.Fine with { ChannelConfigured = false }, new([An.Mail]), Now).ShouldBe(StepDecision.Skip);
        Fresh().Begin(An.Fine, new([An.Mail]), Now).ShouldBe(StepDecision.Send);
        An.InstanceOf(An.Days(1)).Claimed().Begin(An.Fine, new([An.Mail]), Now).ShouldBe(StepDecision.GoOn);

        disabled.Job!.ParkReason.ShouldBe(ParkReason.SequenceDisabled);
        (suppressed.Status, suppressed.StopReason, suppressed.Job).ShouldBe((InstanceStatus.Stopped, StopReason.Complained, null));
        (late.Status, late.Attention, late.Job!.State).ShouldBe((InstanceStatus.Paused, Attention.Late, JobState.Parked));
    }

    [Fact]
    public void A_providers_message_is_not_logged_and_stored_without_addresses()
    {
        var instance = An.InstanceOf(An.Mail).Claimed();
        var words = "550 <anna@example.com> (Anna Schmidt) or +49 151 12345678 unknown";

        instance.Apply(new StepOutcome.Rejected(words, null) { Code = "smtp 550 5.1.1" }, new([An.Mail]), An.Rules, Now);

        var failed = instance.TakeEvents().Cast<FollowUpEvent>().Single();
        failed.Content.ShouldContain("\"error\":\"smtp 550 5.1.1\"");
        failed.Content.ShouldNotContain("unknown");
        instance.LastError.ShouldBe("550 <<address>> (<name>) or <number> unknown");
    }

    [Fact]
    public void A_rejected_transition_names_both_statuses()
    {
        var instance = An.InstanceOf(An.Mail);

        var refusal = Error.Of(instance.Retry(new([An.Mail]), Now))!;

        refusal.ErrorCode.ShouldBe("invalidTransition");
        refusal.Facts.ShouldBe([("from", "ACTIVE"), ("to", "ACTIVE")]);
    }
}
