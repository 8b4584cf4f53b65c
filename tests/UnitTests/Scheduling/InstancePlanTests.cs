using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.UnitTests.Support;
using NodaTime;

namespace FollowUp.UnitTests.Scheduling;

/// <summary>Every way to schedule a sending step places it inside the window.</summary>
public sealed class InstancePlanTests
{
    /// <summary>Friday, 16:59:30 in Berlin: half a minute before the window closes for the weekend.</summary>
    private static readonly DateTimeOffset Friday = new(2026, 2, 6, 15, 59, 30, TimeSpan.Zero);

    private static readonly DateTimeOffset Monday = new(2026, 2, 9, 8, 0, 0, TimeSpan.Zero);

    private static readonly SendingPlan Office = new Schedule(
        "Europe/Berlin",
        null,
        Weekdays.MondayToFriday,
        new(9, 0),
        new(17, 0),
        null
    ).For(null, Holidays.None);

    [Fact]
    public void An_enrolment_on_a_Saturday_waits_for_Monday_and_records_the_reason()
    {
        var instance = Enrolled(Friday.AddDays(1), An.Mail);

        instance.Job!.DueAt.ShouldBe(Monday);
        instance.Job.WantedAt.ShouldBe(Friday.AddDays(1));
        instance.Job.WaitingFor.Select(m => m.Reason).ShouldBe([MoveReason.Weekend]);
    }

    [Fact]
    public void A_wait_step_ends_outside_the_window_too()
    {
        var instance = Enrolled(Friday, An.Days(1), An.Mail);
        var saturday = instance.Job!.DueAt;

        instance.Apply(new StepOutcome.WaitOver(), At(An.Days(1), An.Mail), An.Rules, saturday);

        saturday.ShouldBe(Friday.AddDays(1));
        instance.Job!.DueAt.ShouldBe(Monday);
    }

    [Fact]
    public void A_wait_of_business_days_skips_the_weekend() =>
        Enrolled(Friday, WaitStep.OfBusinessDays(2)!, An.Mail).Job!.DueAt.ShouldBe(Friday.AddDays(4));

    [Fact]
    public void A_wait_of_business_days_without_a_schedule_counts_Monday_to_Friday() =>
        Instance
            .Enroll(An.SequenceOf(WaitStep.OfBusinessDays(1)!, An.Mail), An.Anna, "{}", null, null, Friday)
            .Value.Job!.DueAt.ShouldBe(Friday.AddDays(3));

    [Fact]
    public void A_retry_after_the_end_of_the_window_waits_for_the_next_one()
    {
        var instance = Claimed(Friday, An.Mail);

        instance.Apply(An.Failed(retryAfter: TimeSpan.FromMinutes(1)), At(An.Mail), An.Rules, Friday);

        (instance.Job!.DueAt, instance.Attempts).ShouldBe((Monday, 1));
    }

    [Fact]
    public void A_retry_of_a_step_with_a_local_time_does_not_wait_for_that_time_again()
    {
        var step = An.Mail with { At = new LocalTime(16, 59) };
        var instance = Claimed(Friday.AddSeconds(-30), step);

        instance.Apply(An.Failed(), At(step), An.Rules, Friday.AddSeconds(-30));

        instance.Job!.DueAt.ShouldBe(Friday.AddSeconds(-29));
    }

    [Fact]
    public void A_late_worker_does_not_send_outside_the_window_and_this_is_no_attempt()
    {
        var instance = Claimed(Friday, An.Mail);
        var (events, revision) = (instance.EventCount, instance.Revision);

        var decision = instance.Begin(An.Fine, At(An.Mail), Friday.AddMinutes(31));

        decision.ShouldBe(StepDecision.NoSend);
        (instance.Job!.State, instance.Job.DueAt, instance.Job.WantedAt).ShouldBe((JobState.Ready, Monday, Friday));
        instance.Job.WaitingFor.Select(m => m.Reason).ShouldBe([MoveReason.Window, MoveReason.Weekend]);
        (instance.Attempts, instance.EventCount).ShouldBe((0, events));
        instance.Revision.ShouldBeGreaterThan(revision);
    }

    [Fact]
    public void A_late_worker_sends_a_step_with_a_local_time_within_the_window()
    {
        var step = An.Mail with { At = new LocalTime(9, 0) };

        Claimed(Monday, step).Begin(An.Fine, At(step), Monday.AddHours(2)).ShouldBe(StepDecision.Send);
    }

    [Theory]
    [InlineData(ResumeTiming.Shift)]
    [InlineData(ResumeTiming.Keep)]
    [InlineData(ResumeTiming.Restart)]
    public void A_resume_outside_the_window_waits_for_it(ResumeTiming timing)
    {
        var instance = Enrolled(Friday, An.Mail);
        instance.Pause(Friday);

        instance.Resume(timing, At(An.Mail), Friday.AddHours(20));

        instance.Job!.DueAt.ShouldBe(Monday);
    }

    [Fact]
    public void A_step_held_by_the_window_is_due_at_once_if_resumed_within_it()
    {
        var instance = Enrolled(Friday.AddHours(1), An.Mail);
        instance.Pause(Friday.AddHours(2));

        instance.Resume(ResumeTiming.Shift, At(An.Mail), Monday.AddHours(3));

        (instance.Job!.DueAt, instance.Job.WaitingFor.Count).ShouldBe((Monday.AddHours(3), 0));
    }

    [Fact]
    public void A_step_that_a_user_retries_at_night_is_sent_in_the_morning()
    {
        var instance = Claimed(Friday, An.Mail);
        instance.Apply(new StepOutcome.Rejected("400", null), At(An.Mail), An.Rules, Friday);

        instance.Retry(At(An.Mail), Friday.AddHours(5));

        instance.Job!.DueAt.ShouldBe(Monday);
    }

    [Fact]
    public void A_resend_of_a_step_in_doubt_respects_the_window()
    {
        var instance = Claimed(Friday, An.Mail);
        instance.Apply(new StepOutcome.Doubtful("reset"), At(An.Mail), An.Rules, Friday);

        instance.Resolve(Resolution.Resend, ResolvedBy.Person, At(An.Mail), Friday.AddHours(5));

        instance.Job!.DueAt.ShouldBe(Monday);
    }

    [Fact]
    public void A_step_held_by_a_limit_is_sent_at_the_next_opening()
    {
        var instance = Claimed(Friday, An.Mail);
        var midnight = new DateTimeOffset(2026, 2, 6, 23, 0, 0, TimeSpan.Zero);

        instance.PutOff(new Move(MoveReason.Cap, midnight), At(An.Mail), Friday);

        instance.Job!.DueAt.ShouldBe(Monday);
        instance.Job.WaitingFor.Select(m => m.Reason).ShouldBe([MoveReason.Cap, MoveReason.Window, MoveReason.Weekend]);
    }

    [Fact]
    public void The_first_message_of_an_instance_is_the_first_and_all_others_are_follow_ups()
    {
        Step[] steps = [An.Days(0), An.Text, An.Mail];
        var instance = Instance.Enroll(An.SequenceOf(steps), An.Anna, "{}", null, null, Friday).Value;
        List<bool> first = [instance.Job!.IsFirst];

        instance.Apply(new StepOutcome.WaitOver(), new(steps), An.Rules, Friday);
        first.Add(instance.Job!.IsFirst);
        instance.Apply(An.Sent, new(steps), An.Rules, Friday);
        first.Add(instance.Job!.IsFirst);

        first.ShouldBe([false, true, false]);
    }

    private static Instance Enrolled(DateTimeOffset now, params Step[] steps) =>
        Instance.Enroll(An.SequenceOf(steps), An.Anna, "{}", null, null, now, Office).Value;

    private static Instance Claimed(DateTimeOffset now, params Step[] steps) => Enrolled(now, steps).Claimed();

    private static Timetable At(params Step[] steps) => new(steps, Office);
}
