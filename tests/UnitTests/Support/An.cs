using FollowUp.Application.Instances;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;

namespace FollowUp.UnitTests.Support;

/// <summary>Builders named after states.</summary>
internal static class An
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    public static readonly OwnerId Owner = new(Guid.Parse("0195f000-0000-7000-8000-000000000001"));

    public static Recipient Anna => new(EmailAddress.Parse("anna@example.com")!.Value, "Anna Schmidt", null, "Europe/Berlin");

    public static Sequence SequenceOf(params Step[] steps) => Sequence.Create(Owner, "Follow-up", null, true, steps, Noon).Value;

    public static Instance InstanceOf(params Step[] steps) => InstanceOf(Noon, steps);

    public static Instance InstanceOf(DateTimeOffset enrolledAt, params Step[] steps)
    {
        var instance = Instance.Enroll(SequenceOf(steps), Anna, "{}", null, null, enrolledAt).Value;
        instance.TakeEvents();
        return instance;
    }

    public static EmailStep Mail => new("Hello", "<p>Hi</p>");

    public static SmsStep Text => new("Hi");

    public static WaitStep Days(decimal days) => WaitStep.OfDays(days)!;

    /// <summary>The same instance as a worker's claim has it.</summary>
    public static Instance Claimed(this Instance instance) =>
        Instance.FromClaim(
            new ClaimedState(
                Id: instance.Id,
                OwnerId: instance.OwnerId,
                SequenceId: instance.SequenceId,
                SequenceVersionId: instance.SequenceVersionId,
                Version: instance.Version,
                Recipient: instance.Recipient,
                Variables: instance.Variables,
                OfferId: instance.OfferId,
                Status: instance.Status,
                StopReason: instance.StopReason,
                CurrentStep: instance.CurrentStep,
                Attempts: instance.Attempts,
                Deferrals: instance.Deferrals,
                LastError: instance.LastError,
                Attention: instance.Attention,
                EventCount: instance.EventCount,
                EventHash: instance.EventHash,
                Revision: instance.Revision,
                JobId: instance.Job!.Id,
                StepType: instance.Job.StepType,
                DueAt: instance.Job.DueAt,
                EnqueuedAt: instance.Job.EnqueuedAt,
                Attempt: instance.Job.Attempt + 1,
                Owner: "node"
            )
        );

    /// <summary>A worker's claim of the instance's next step, at noon.</summary>
    public static ClaimedStep ClaimOf(Instance instance, TimeProvider time)
    {
        var claimed = instance.Claimed();
        return new ClaimedStep
        {
            Instance = claimed,
            Revision = claimed.Revision,
            AttemptId = new AttemptId(Guid.CreateVersion7()),
            SequenceName = "Follow-up",
            SequenceEnabled = true,
            Suppressed = null,
            IsProbe = false,
            ClaimedAt = Noon,
            Timestamp = time.GetTimestamp(),
            Lease = new Lease(time, TimeSpan.FromSeconds(60), time.GetTimestamp()),
            Fence = (claimed.Job!.Id, claimed.Job.Attempt, "node"),
        };
    }

    public static readonly OutcomeRules Rules = new(RetryPolicy.Default with { Jitter = 0 }, 0, TimeSpan.FromMinutes(15));

    public static readonly StepConditions Fine = new(true, null, true, TimeSpan.FromDays(3));

    public static StepOutcome Sent => new StepOutcome.Sent(Guid.NewGuid(), "hash", "sendgrid", null);

    public static StepOutcome Failed(string error = "503", TimeSpan? retryAfter = null, bool postponed = false) =>
        new StepOutcome.TryFailed(error, retryAfter, postponed);
}
