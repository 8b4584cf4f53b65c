using Ardalis.Result;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Operations;

/// <summary>The refusals of operations.</summary>
public static class OperationErrors
{
    /// <summary>There is no such operation, or it belongs to another user: the answer is the same.</summary>
    public static Result NotFound => Result.NotFound("There is no such operation.");

    /// <summary>The operation has ended.</summary>
    /// <param name="from">Its state.</param>
    public static ConflictError HasEnded(OperationState from) =>
        new(
            "invalidTransition",
            $"The operation is {Word(from)} and cannot become {Word(OperationState.Cancelled)}.",
            ("from", Word(from)),
            ("to", Word(OperationState.Cancelled))
        );

    /// <summary>Stopping an operation of this kind half-way would leave rows behind that nothing else takes care of.</summary>
    public static ConflictError NotCancellable(OperationKind kind) =>
        new(
            "notCancellable",
            kind == OperationKind.ReleaseParked
                ? "The release of a sequence's instances cannot be cancelled; disable the sequence instead."
                : "A deletion cannot be cancelled: what it deletes is already gone for every reader."
        );

    /// <summary>The user has too many operations under way.</summary>
    /// <param name="most">The limit.</param>
    public static ConflictError TooMany(int most) =>
        new("tooManyOperations", $"At most {most} operations may be under way at once; wait for one to end or cancel it.");

    private static string Word(OperationState state) => state.ToString().ToLowerInvariant();
}
