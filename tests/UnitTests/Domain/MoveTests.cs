using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

/// <summary>The migration of one instance to a newer version.</summary>
public sealed class MoveTests
{
    private static readonly DateTimeOffset Now = An.Noon;
    private static readonly DateTimeOffset Slot = Now.AddMinutes(7);

    [Theory]
    [InlineData(5, 4)] // Longer: one of three has passed, four of five are left.
    [InlineData(2, 1)] // Shorter: one of two is left.
    public void The_elapsed_part_of_a_wait_counts(int newDays, int leftDays)
    {
        var (instance, old) = Waiting(3);

        Move(instance, old, [An.Days(newDays) with { Id = "w" }, An.Mail], 0, Now.AddDays(1));

        instance.Job!.DueAt.ShouldBe(Now.AddDays(1 + leftDays));
    }

    [Fact]
    public void A_wait_in_business_days_counts_elapsed_business_days()
    {
        Step[] old = [WaitStep.OfBusinessDays(2)! with { Id = "w" }, An.Mail];
        var instance = An.InstanceOf(old);

        Move(instance, old, [WaitStep.OfBusinessDays(4)! with { Id = "w" }, An.Mail], 0, Now);

        // Noon is on a Saturday: two business days end on Tuesday, four on Thursday.
        instance.Job!.DueAt.ShouldBe(Now.AddDays(5));
    }

    [Fact]
    public void A_recipient_who_got_a_message_is_past_the_first_one()
    {
        Step[] old = [An.Mail with { Id = "m" }, An.Mail with { Id = "n" }];
        var instance = An.InstanceOf(old).Claimed();
        instance.Apply(An.Sent, new(old), An.Rules, Now);

        Move(instance, old, [An.Mail with { Id = "n" }], 0, Now);

        (instance.Job!.IsFirst, instance.Job.StepType).ShouldBe((false, StepType.Email));
    }

    [Fact]
    public void A_wait_that_the_migration_makes_overdue_is_spread_and_an_overdue_one_keeps_its_instant()
    {
        var (made, old) = Waiting(3);
        var (was, _) = Waiting(3);
        Step[] shorter = [An.Days(1) with { Id = "w" }, An.Mail];

        Move(made, old, shorter, 0, Now.AddDays(2));
        Move(was, old, shorter, 0, Now.AddDays(4));

        made.Job!.DueAt.ShouldBe(Slot);
        was.Job!.DueAt.ShouldBe(Now.AddDays(1));
    }

    [Fact]
    public void After_a_removed_wait_the_next_step_is_due_at_the_end_of_that_wait()
    {
        var (instance, old) = Waiting(3);

        Move(instance, old, [An.Mail, An.Text], 0, Now.AddDays(1));

        (instance.Job!.DueAt, instance.Job.StepType).ShouldBe((Now.AddDays(3), StepType.Email));
    }

    [Fact]
    public void A_paused_instance_stays_paused_with_its_remaining_wait()
    {
        var (instance, old) = Waiting(3);
        instance.Pause(Now.AddDays(1));

        Move(instance, old, [An.Days(4) with { Id = "w" }, An.Mail], 0, Now.AddDays(9));
        instance.Status.ShouldBe(InstanceStatus.Paused);
        instance.Job!.State.ShouldBe(JobState.Parked);
        instance.Resume(ResumeTiming.Shift, new([An.Days(4), An.Mail]), Now.AddDays(10));

        instance.Job!.DueAt.ShouldBe(Now.AddDays(13));
    }

    [Fact]
    public void A_failed_instance_stays_failed_and_a_retry_executes_the_new_step()
    {
        Step[] old = [An.Mail with { Id = "m" }];
        var instance = An.InstanceOf(old).Claimed();
        instance.Apply(new StepOutcome.Rejected("400", null), new(old), An.Rules, Now);

        Step[] steps = [An.Text, new EmailStep("Better", null) { Id = "m" }];
        Move(instance, old, steps, 1, Now);

        (instance.Status, instance.CurrentStep.Value, instance.Job, instance.LastError).ShouldBe((InstanceStatus.Failed, 1, null, "400"));
        instance.Retry(new(steps), Now).IsSuccess.ShouldBeTrue();
        (instance.Job!.StepIndex.Value, instance.Job.StepType).ShouldBe((1, StepType.Email));
    }

    [Fact]
    public void A_step_keeps_its_attempts_if_the_migration_keeps_it()
    {
        Step[] old = [An.Mail with { Id = "m" }, An.Mail with { Id = "n" }];
        var (same, other) = (An.InstanceOf(old).Claimed(), An.InstanceOf(old).Claimed());
        same.Apply(An.Failed(), new(old), An.Rules, Now);
        other.Apply(An.Failed(), new(old), An.Rules, Now);

        Move(same, old, old, 0, Now);
        Move(other, old, old, 1, Now);

        (same.Attempts, same.Job!.DueAt).ShouldBe((1, Now.AddSeconds(1)));
        (other.Attempts, other.LastError).ShouldBe((0, null));
    }

    [Fact]
    public void An_instance_without_remaining_steps_is_completed()
    {
        var (instance, old) = Waiting(3);

        var events = Move(instance, old, [An.Mail], 1, Now);

        (instance.Status, instance.Job).ShouldBe((InstanceStatus.Completed, null));
        events.Select(e => e.Type).ShouldBe([EventType.Migrated, EventType.Completed]);
    }

    [Fact]
    public void The_migration_event_names_both_steps_and_continues_the_hash_chain()
    {
        Step[] old = [An.Days(3) with { Id = "w" }, An.Mail];
        var instance = Instance.Enroll(An.SequenceOf(old), An.Anna, "{}", null, null, Now).Value;
        var revision = instance.Revision;

        var events = Move(instance, old, [An.Mail, An.Days(3) with { Id = "w" }], 1, Now);

        events[^1].Content.ShouldBe("""{"fromVersion":"1","fromStep":"0","toVersion":"2","toStep":"1"}""");
        (events[^1].Version, instance.Version, instance.CurrentStep.Value).ShouldBe((2, 2, 1));
        FollowUpEvent.IsWhole(events).ShouldBeTrue();
        instance.Revision.ShouldBeGreaterThan(revision);
    }

    [Fact]
    public void A_migrated_instance_gets_a_new_job_so_that_a_concurrent_claim_misses_it()
    {
        var (instance, old) = Waiting(3);
        var before = instance.Job!.Id;

        Move(instance, old, [An.Days(3) with { Id = "w" }, An.Mail], 0, Now);

        instance.Job!.Id.ShouldNotBe(before);
    }

    private static (Instance Instance, Step[] Steps) Waiting(int days)
    {
        Step[] steps = [An.Days(days) with { Id = "w" }, An.Mail];
        return (An.InstanceOf(steps), steps);
    }

    private static List<FollowUpEvent> Move(Instance instance, Step[] old, Step[] steps, int to, DateTimeOffset now)
    {
        var sequence = An.SequenceOf(old);
        sequence.ChangeSteps(steps, now);
        if (sequence.CurrentVersion == 1)
        {
            sequence.ChangeSteps([.. steps, An.Text with { Id = "more" }], now);
        }

        instance.MoveTo(sequence.Current, new(to), new(old), () => Slot, now);
        return [.. instance.TakeEvents().Cast<FollowUpEvent>()];
    }
}
