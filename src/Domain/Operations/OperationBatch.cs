namespace FollowUp.Domain.Operations;

/// <summary>What one batch of an operation did.</summary>
public sealed record OperationBatch
{
    /// <summary>How many rows were changed.</summary>
    public int Done { get; init; }

    /// <summary>The refusals, by their code.</summary>
    public IReadOnlyDictionary<string, int> Refused { get; init; } = new Dictionary<string, int>();

    /// <summary>How many rows were passed over because changing them failed.</summary>
    public int Errors { get; init; }

    /// <summary>Why, when rows were passed over.</summary>
    public string? LastError { get; init; }

    /// <summary>Where the next batch begins, in the words of the kind; null for the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether the walk has reached its end. Deferred rows may be left.</summary>
    public bool Walked { get; init; }

    /// <summary>The rows to look at again, because another transaction holds them.</summary>
    public IReadOnlyList<Guid> Deferred { get; init; } = [];

    /// <summary>Whether what is left is held by other transactions, so that the next batch should wait a little.</summary>
    public bool ShouldWait { get; init; }

    /// <summary>Whether the operation has lost its purpose: its sequence is gone or disabled again, or a later operation repeats it.</summary>
    public bool IsObsolete { get; init; }
}
