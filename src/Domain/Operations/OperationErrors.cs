namespace FollowUp.Domain.Operations;

/// <summary>The errors of operations.</summary>
public static class OperationErrors
{
    /// <summary>The operation does not exist or belongs to another user; both give the same answer.</summary>
    public static Result NotFound => Error.NotFound("There is no such operation.");

    /// <summary>The operation has ended.</summary>
    public static Result HasEnded(OperationState from) =>
        Error.Conflict(
            "invalidTransition",
            $"The operation is {Name(from)} and cannot become {Name(OperationState.Cancelled)}.",
            ("from", Name(from)),
            ("to", Name(OperationState.Cancelled))
        );

    /// <summary>An operation of this kind cannot be cancelled, because nothing else would handle its remaining rows.</summary>
    public static Result NotCancellable(OperationKind kind) =>
        Error.Conflict(
            "notCancellable",
            kind == OperationKind.ReleaseParked
                ? "The release of a sequence's instances cannot be cancelled. Disable the sequence instead."
                : "A deletion cannot be cancelled: the data is already invisible."
        );

    /// <summary>The user has too many operations in progress.</summary>
    public static Result TooMany(int most) =>
        Error.Conflict("tooManyOperations", $"At most {most} operations may be in progress at once. Wait until one ends or cancel it.");

    private static string Name(OperationState state) => state.ToString().ToLowerInvariant();
}
