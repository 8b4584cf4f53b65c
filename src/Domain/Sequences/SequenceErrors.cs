namespace FollowUp.Domain.Sequences;

/// <summary>The errors of a sequence.</summary>
public static class SequenceErrors
{
    /// <summary>The sequence does not exist or belongs to another user; both give the same answer.</summary>
    public static Result NotFound => Result.NotFound("There is no such sequence.");

    /// <summary>The name is empty or too long.</summary>
    public static Result NameLength => Result.Invalid(new ValidationError("name", $"must have 1 to {Sequence.LongestName} characters"));

    /// <summary>The description is too long.</summary>
    public static Result DescriptionLength =>
        Result.Invalid(new ValidationError("description", $"must have at most {Sequence.LongestDescription} characters"));

    /// <summary>There are no steps, or too many.</summary>
    public static Result StepCount => Result.Invalid(new ValidationError("steps", $"must have 1 to {Sequence.MostSteps} steps"));

    /// <summary>Two steps of one version have the same id.</summary>
    /// <param name="index">The index of the second one.</param>
    public static Result StepIdRepeated(StepIndex index) =>
        Result.Invalid(new ValidationError($"steps[{index.Value}].id", "repeats the id of an earlier step"));

    /// <summary>The sequence has no such version.</summary>
    public static Result VersionNotFound => Result.NotFound("The sequence has no such version.");

    /// <summary>The maximum number of versions is in use.</summary>
    public static ConflictError TooManyVersions =>
        new(
            "tooManyVersions",
            $"The sequence has the maximum of {Sequence.MostVersions} versions that are in use or less than an hour old. Create a new sequence."
        );

    /// <summary>The sequence does not accept enrolments.</summary>
    public static ConflictError Disabled => new("sequenceDisabled", "The sequence is disabled and does not accept enrolments.");

    /// <summary>The caller's <c>If-Match</c> names an older revision (RFC 9110, section 13.1.1).</summary>
    public static ConflictError Stale =>
        new("preconditionFailed", "The sequence has changed since it was read; If-Match does not match its ETag.");
}
