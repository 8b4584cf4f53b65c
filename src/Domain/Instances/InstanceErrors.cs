namespace FollowUp.Domain.Instances;

/// <summary>The errors of an instance.</summary>
public static class InstanceErrors
{
    /// <summary>The instance does not exist or belongs to another user; both give the same answer.</summary>
    public static Result NotFound => Result.NotFound("There is no such instance.");

    /// <summary>The recipient is ACTIVE or PAUSED in the sequence already.</summary>
    /// <param name="id">The existing instance.</param>
    public static ConflictError AlreadyEnrolled(InstanceId id) =>
        new("alreadyEnrolled", "The recipient is already active or paused in this sequence.", ("id", id.Value.ToString()));

    /// <summary>The address is suppressed.</summary>
    public static ConflictError Suppressed => new("suppressed", "The address is suppressed: nothing may be sent to it.");

    /// <summary>The instance's status does not allow the transition.</summary>
    /// <param name="from">The instance's status.</param>
    /// <param name="to">The requested status.</param>
    public static ConflictError InvalidTransition(InstanceStatus from, InstanceStatus to) =>
        new(
            "invalidTransition",
            $"The instance is {Name(from)} and cannot become {Name(to)} this way.",
            ("from", Name(from)),
            ("to", Name(to))
        );

    /// <summary>No step of the instance is in doubt.</summary>
    /// <param name="status">The instance's status.</param>
    public static ConflictError NotInDoubt(InstanceStatus status) =>
        new(
            "invalidTransition",
            $"No step of the instance is in doubt; the instance is {Name(status)}.",
            ("from", Name(status)),
            ("to", Name(InstanceStatus.Active))
        );

    private static string Name(InstanceStatus status) => status.ToString().ToUpperInvariant();
}
