using Ardalis.Result;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Instances;

/// <summary>What an instance refuses, each named once.</summary>
public static class InstanceErrors
{
    /// <summary>There is no such instance, or it is somebody else's: the answer is the same.</summary>
    public static Result NotFound => Result.NotFound("There is no such instance.");

    /// <summary>The recipient is ACTIVE or PAUSED in the sequence already.</summary>
    /// <param name="id">The instance that is in the way.</param>
    /// <returns>The refusal.</returns>
    public static ConflictError AlreadyEnrolled(InstanceId id) =>
        new("alreadyEnrolled", "The recipient is already active or paused in this sequence.", ("id", id.Value.ToString()));

    /// <summary>The address must get nothing more.</summary>
    public static ConflictError Suppressed => new("suppressed", "The address is suppressed: it must get nothing more.");

    /// <summary>The instance's status does not allow the move.</summary>
    /// <param name="from">The instance's status.</param>
    /// <param name="to">The status that was asked for.</param>
    /// <returns>The refusal.</returns>
    public static ConflictError InvalidTransition(InstanceStatus from, InstanceStatus to) =>
        new(
            "invalidTransition",
            $"The instance is {Word(from)} and cannot become {Word(to)} this way.",
            ("from", Word(from)),
            ("to", Word(to))
        );

    /// <summary>No step of the instance is in doubt.</summary>
    /// <param name="status">The instance's status.</param>
    /// <returns>The refusal.</returns>
    public static ConflictError NotInDoubt(InstanceStatus status) =>
        new(
            "invalidTransition",
            $"No step of the instance is in doubt; the instance is {Word(status)}.",
            ("from", Word(status)),
            ("to", Word(InstanceStatus.Active))
        );

    private static string Word(InstanceStatus status) => status.ToString().ToUpperInvariant();
}
