namespace FollowUp.Domain.Operations;

/// <summary>The result of one batch of an operation.</summary>
public sealed record OperationBatch
{
    /// <summary>The number of changed rows.</summary>
    public int Done { get; init; }

    /// <summary>The number of steps that the batch made due now.</summary>
    public int MadeDue { get; init; }

    /// <summary>The refused rows by error code.</summary>
    public IReadOnlyDictionary<string, int> Refused { get; init; } = new Dictionary<string, int>();

    /// <summary>The number of rows skipped because changing them failed.</summary>
    public int Errors { get; init; }

    /// <summary>The last error among the skipped rows.</summary>
    public string? LastError { get; init; }

    /// <summary>Where the next batch starts, in a format of the kind; null for the start.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether the walk is complete. Deferred rows may remain.</summary>
    public bool Walked { get; init; }

    /// <summary>The rows to visit again, because another transaction has locked them.</summary>
    public IReadOnlyList<Guid> Deferred { get; init; } = [];

    /// <summary>Whether all remaining rows are locked by other transactions, so that the next batch is delayed.</summary>
    public bool ShouldWait { get; init; }

    /// <summary>Whether the operation is obsolete: its sequence was deleted or disabled again, or a later operation repeats it.</summary>
    public bool IsObsolete { get; init; }
}
