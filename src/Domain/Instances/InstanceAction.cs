using Ardalis.Result;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Instances;

/// <summary>One action of a user on any number of instances.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Timing">For a resume: what becomes of the time that passed.</param>
/// <param name="Reason">For a stop: why.</param>
/// <param name="Outcome">For a step in doubt: whether the message went out.</param>
public sealed record InstanceAction(
    InstanceActionKind Kind,
    ResumeTiming Timing = ResumeTiming.Shift,
    StopReason Reason = StopReason.Manual,
    Resolution Outcome = Resolution.Sent
)
{
    /// <summary>
    /// What the action would be refused with, by what a query knows of an instance. Agrees with <see cref="Apply"/>, which decides; a test compares
    /// both.
    /// </summary>
    /// <param name="status">The instance's status.</param>
    /// <param name="isInDoubt">Whether its step is in doubt.</param>
    /// <param name="hasRival">Whether the recipient is ACTIVE or PAUSED in the same sequence in another instance.</param>
    /// <returns>The refusal's code, or null.</returns>
    public string? RefusalFor(InstanceStatus status, bool isInDoubt, bool hasRival)
    {
        var isPossible = Kind switch
        {
            InstanceActionKind.Pause => status == InstanceStatus.Active,
            InstanceActionKind.Resume => status == InstanceStatus.Paused,
            InstanceActionKind.Stop => status != InstanceStatus.Completed,
            InstanceActionKind.Retry or InstanceActionKind.Skip => status == InstanceStatus.Failed,
            InstanceActionKind.Resolve => isInDoubt,
            _ => throw new InvalidOperationException($"No such action: {Kind}"),
        };
        return !isPossible ? "invalidTransition"
            : MakesActiveAgain && hasRival ? "alreadyEnrolled"
            : null;
    }

    /// <summary>Whether a FAILED instance becomes ACTIVE, so that the recipient must not be enrolled in the sequence a second time.</summary>
    public bool MakesActiveAgain => Kind is InstanceActionKind.Retry or InstanceActionKind.Skip;

    /// <summary>Applies the action to an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="steps">The steps of its version.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="slot">Gives the instant for a step that the action makes due: many instances are spread.</param>
    /// <returns>Success, or the refusal.</returns>
    public Result Apply(Instance instance, IReadOnlyList<Step> steps, DateTimeOffset now, Func<DateTimeOffset> slot)
    {
        var result = Kind switch
        {
            InstanceActionKind.Pause => instance.Pause(now),
            InstanceActionKind.Resume => instance.Resume(Timing, steps, now),
            // It has what the user wants already.
            InstanceActionKind.Stop when instance.Status == InstanceStatus.Stopped => Result.Success(),
            InstanceActionKind.Stop => instance.Stop(Reason, now),
            InstanceActionKind.Retry => instance.Retry(steps, now),
            InstanceActionKind.Skip => instance.Skip(steps, now),
            InstanceActionKind.Resolve => instance.Resolve(Outcome, "person", steps, now),
            _ => throw new InvalidOperationException($"No such action: {Kind}"),
        };
        if (result.IsSuccess)
        {
            instance.Spread(slot, steps, now);
        }

        return result;
    }
}
