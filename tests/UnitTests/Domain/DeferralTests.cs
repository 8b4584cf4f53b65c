using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Shared;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

/// <summary>Deferrals have a separate retry schedule.</summary>
public sealed class DeferralTests
{
    private static readonly StepOutcome Later = new StepOutcome.TryFailed("451 4.7.1 greylisted", null, false)
    {
        Deferred = true,
        Code = "smtp 451 4.7.1",
    };

    private static readonly StepOutcome Trouble = new StepOutcome.TryFailed("refused", null, false);
    private static readonly OutcomeRules Rules = new(RetryPolicy.Default, 0, TimeSpan.Zero);

    [Fact]
    public void A_deferred_mail_is_retried_after_5_15_30_minutes_1_2_4_and_8_hours_and_then_fails()
    {
        var instance = An.InstanceOf(An.Mail);
        List<double> waits = [];
        for (var i = 0; i < 7; i++)
        {
            instance = Try(instance, Later);
            waits.Add((instance.Job!.DueAt - An.Noon).TotalMinutes);
        }

        instance = Try(instance, Later);

        waits.ShouldBe([5, 15, 30, 60, 120, 240, 480]);
        instance.Status.ShouldBe(InstanceStatus.Failed);
    }

    [Fact]
    public void Deferrals_and_connection_failures_are_counted_separately()
    {
        var instance = An.InstanceOf(An.Mail);
        for (var i = 0; i < 5; i++)
        {
            instance = Try(Try(instance, Trouble), Later);
        }

        instance.Status.ShouldBe(InstanceStatus.Active);
        (instance.Attempts, instance.Deferrals).ShouldBe((10, 5));
        Try(instance, Trouble).Status.ShouldBe(InstanceStatus.Failed, "the sixth trouble");
    }

    [Fact]
    public void The_job_records_the_deferral()
    {
        var instance = Try(An.InstanceOf(An.Mail), Later);

        instance.Job!.WaitingFor.ShouldBe([new Move(MoveReason.Deferred, An.Noon.AddMinutes(5))]);
        Try(instance, Trouble).Job!.WaitingFor.ShouldBeEmpty();
    }

    [Fact]
    public void The_count_starts_again_with_the_next_step()
    {
        var instance = An.InstanceOf(An.Mail, An.Mail);
        instance = Try(instance, Later);

        instance = Try(instance, new StepOutcome.Sent(Guid.NewGuid(), "hash", "smtp", null), 2);

        (instance.Attempts, instance.Deferrals).ShouldBe((0, 0));
    }

    private static Instance Try(Instance instance, StepOutcome outcome, int steps = 1)
    {
        var claimed = instance.Claimed();
        claimed.Apply(outcome, new([.. Enumerable.Repeat(An.Mail, steps)]), Rules, An.Noon);
        return claimed;
    }
}
