namespace FollowUp.Domain.Sequences;

/// <summary>The errors of a sequence.</summary>
public static class SequenceErrors
{
    /// <summary>The code of <see cref="Disabled"/> and <see cref="RowOfDisabled"/>.</summary>
    public const string DisabledCode = "sequenceDisabled";

    /// <summary>The sequence does not exist or belongs to another user; both give the same answer.</summary>
    public static Result NotFound => Error.NotFound("There is no such sequence.");

    /// <summary>The name is empty or too long.</summary>
    public static Result NameLength => Error.Invalid("name", $"must have 1 to {Sequence.LongestName} characters");

    /// <summary>The description is too long.</summary>
    public static Result DescriptionLength => Error.Invalid("description", $"must have at most {Sequence.LongestDescription} characters");

    /// <summary>There are no steps, or too many.</summary>
    public static Result StepCount => Error.Invalid("steps", $"must have 1 to {Sequence.MostSteps} steps");

    /// <summary>Two steps of one version have the same id.</summary>
    /// <param name="index">The index of the second one.</param>
    public static Result StepIdRepeated(StepIndex index) => Error.Invalid($"steps[{index.Value}].id", "repeats the id of an earlier step");

    /// <summary>The sequence has no such version.</summary>
    public static Result VersionNotFound => Error.NotFound("The sequence has no such version.");

    /// <summary>The maximum number of versions is in use.</summary>
    public static Result TooManyVersions =>
        Error.Conflict(
            "tooManyVersions",
            $"The sequence has the maximum of {Sequence.MostVersions} versions that are in use or less than an hour old. Create a new sequence."
        );

    /// <summary>The sequence does not accept enrolments.</summary>
    public static Result Disabled => Error.Conflict(DisabledCode, "The sequence is disabled and does not accept enrolments.");

    /// <summary>A row of a bulk call that reached the sequence after it stopped accepting enrolments.</summary>
    public static Result RowOfDisabled =>
        Error.Conflict(DisabledCode, "The sequence is disabled or was deleted, so this row was not enrolled.");

    /// <summary>The caller's <c>If-Match</c> names an older revision (RFC 9110, section 13.1.1).</summary>
    public static Result Stale => Error.PreconditionFailed("The sequence has changed since it was read; If-Match does not match its ETag.");
}
