namespace FollowUp.Domain.Instances;

/// <summary>The errors of an instance.</summary>
public static class InstanceErrors
{
    /// <summary>The instance does not exist or belongs to another user; both give the same answer.</summary>
    public static Result NotFound => Error.NotFound("There is no such instance.");

    /// <summary>The code of <see cref="AlreadyEnrolled"/>.</summary>
    public const string AlreadyEnrolledCode = "alreadyEnrolled";

    /// <summary>The code of <see cref="Suppressed"/>.</summary>
    public const string SuppressedCode = "suppressed";

    /// <summary>The code of <see cref="InvalidTransition"/> and <see cref="NotInDoubt"/>.</summary>
    public const string InvalidTransitionCode = "invalidTransition";

    /// <summary>The recipient is ACTIVE or PAUSED in the sequence already.</summary>
    public static Result AlreadyEnrolled(InstanceId? id = null) =>
        Error.Conflict(
            AlreadyEnrolledCode,
            "The recipient is already active or paused in this sequence.",
            id is { } known ? [("id", known.Value.ToString())] : []
        );

    /// <summary>The recipient is already in the list that is being enrolled.</summary>
    public static Result Repeated => Error.Conflict(AlreadyEnrolledCode, "An earlier row has the same recipient.");

    /// <summary>The address is suppressed.</summary>
    public static Result Suppressed => Error.Conflict(SuppressedCode, "The address is suppressed: nothing may be sent to it.");

    /// <summary>The instance's status does not allow the transition.</summary>
    public static Result InvalidTransition(InstanceStatus from, InstanceStatus to) =>
        Error.Conflict(
            InvalidTransitionCode,
            $"The instance is {Name(from)} and cannot become {Name(to)} this way.",
            ("from", Name(from)),
            ("to", Name(to))
        );

    /// <summary>No step of the instance is in doubt.</summary>
    public static Result NotInDoubt(InstanceStatus status) =>
        Error.Conflict(
            InvalidTransitionCode,
            $"No step of the instance is in doubt; the instance is {Name(status)}.",
            ("from", Name(status)),
            ("to", Name(InstanceStatus.Active))
        );

    private static string Name(InstanceStatus status) => status.ToString().ToUpperInvariant();
}
