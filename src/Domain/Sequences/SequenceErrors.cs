using Ardalis.Result;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Sequences;

/// <summary>What a sequence refuses, each named once.</summary>
public static class SequenceErrors
{
    /// <summary>There is no such sequence, or it is somebody else's: the answer is the same.</summary>
    public static Result NotFound => Result.NotFound("There is no such sequence.");

    /// <summary>The name is empty or too long.</summary>
    public static Result NameLength => Result.Invalid(new ValidationError("name", $"must have 1 to {Sequence.LongestName} characters"));

    /// <summary>The description is too long.</summary>
    public static Result DescriptionLength =>
        Result.Invalid(new ValidationError("description", $"must have at most {Sequence.LongestDescription} characters"));

    /// <summary>There are no steps, or too many.</summary>
    public static Result StepCount => Result.Invalid(new ValidationError("steps", $"must have 1 to {Sequence.MostSteps} steps"));

    /// <summary>Two steps of one version have the same id.</summary>
    /// <param name="index">The second one's place.</param>
    public static Result StepIdRepeated(StepIndex index) =>
        Result.Invalid(new ValidationError($"steps[{index.Value}].id", "is the id of an earlier step too"));

    /// <summary>There is no such version of the sequence.</summary>
    public static Result VersionNotFound => Result.NotFound("The sequence has no such version.");

    /// <summary>All versions that may be kept are in use.</summary>
    public static ConflictError TooManyVersions =>
        new(
            "tooManyVersions",
            $"The sequence has {Sequence.MostVersions} versions that are in use or newer than an hour, and no more are kept; create a new sequence."
        );

    /// <summary>The sequence takes no enrolments.</summary>
    public static ConflictError Disabled => new("sequenceDisabled", "The sequence is disabled and takes no enrolments.");

    /// <summary>The caller's <c>If-Match</c> names an older state (RFC 9110, section 13.1.1).</summary>
    public static ConflictError Stale =>
        new("preconditionFailed", "The sequence has changed since it was read; If-Match does not match its ETag.");
}
