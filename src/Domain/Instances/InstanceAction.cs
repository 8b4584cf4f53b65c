namespace FollowUp.Domain.Instances;

/// <summary>A user's action on any number of instances.</summary>
/// <param name="Timing">For a resume: what happens to the time that passed during the pause.</param>
/// <param name="Outcome">For a step in doubt: whether the message was sent.</param>
public sealed record InstanceAction(
    InstanceActionKind Kind,
    ResumeTiming Timing = ResumeTiming.Shift,
    StopReason Reason = StopReason.Manual,
    Resolution Outcome = Resolution.Sent
)
{
    /// <summary><see cref="Instance.Pause"/>.</summary>
    public static InstanceAction Pause { get; } = new(InstanceActionKind.Pause);

    /// <summary><see cref="Instance.Retry"/>.</summary>
    public static InstanceAction Retry { get; } = new(InstanceActionKind.Retry);

    /// <summary><see cref="Instance.Skip"/>.</summary>
    public static InstanceAction Skip { get; } = new(InstanceActionKind.Skip);

    /// <summary><see cref="Instance.Resume"/>.</summary>
    public static InstanceAction Resume(ResumeTiming timing = ResumeTiming.Shift) => new(InstanceActionKind.Resume, Timing: timing);

    /// <summary><see cref="Instance.Stop"/>.</summary>
    public static InstanceAction Stop(StopReason reason) => new(InstanceActionKind.Stop, Reason: reason);

    /// <summary><see cref="Instance.Resolve"/>, by a user.</summary>
    public static InstanceAction Resolve(Resolution outcome) => new(InstanceActionKind.Resolve, Outcome: outcome);

    /// <summary>
    /// The error that the action would be rejected with, judged by what a query knows of an instance. Must agree with <see cref="Apply"/>;
    /// a test compares them.
    /// </summary>
    /// <param name="status">The instance's status.</param>
    /// <param name="isInDoubt">Whether its step is in doubt.</param>
    /// <param name="hasRival">Whether the recipient is ACTIVE or PAUSED in the same sequence through another instance.</param>
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
        return !isPossible ? InstanceErrors.InvalidTransitionCode
            : MakesActiveAgain && hasRival ? InstanceErrors.AlreadyEnrolledCode
            : null;
    }

    /// <summary>Whether a FAILED instance becomes ACTIVE, which requires that the recipient has no other running instance in the sequence.</summary>
    public bool MakesActiveAgain => Kind is InstanceActionKind.Retry or InstanceActionKind.Skip;

    /// <summary>Whether the action places a step in time. A pause and a stop do not, so they need no timetable.</summary>
    public bool PlacesSteps => Kind is not (InstanceActionKind.Pause or InstanceActionKind.Stop);

    /// <summary>Applies the action to an instance.</summary>
    /// <param name="timetable">The instance's timetable; not used unless the action <see cref="PlacesSteps"/>.</param>
    public Result Apply(Instance instance, Timetable timetable, DateTimeOffset now) =>
        Kind switch
        {
            InstanceActionKind.Pause => instance.Pause(now),
            InstanceActionKind.Resume => instance.Resume(Timing, timetable, now),
            InstanceActionKind.Stop => instance.Stop(Reason, now),
            InstanceActionKind.Retry => instance.Retry(timetable, now),
            InstanceActionKind.Skip => instance.Skip(timetable, now),
            InstanceActionKind.Resolve => instance.Resolve(Outcome, ResolvedBy.Person, timetable, now),
            _ => throw new InvalidOperationException($"No such action: {Kind}"),
        };
}
