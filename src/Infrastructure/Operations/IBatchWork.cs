namespace FollowUp.Infrastructure.Operations;

/// <summary>Work that runs in batches, in a round-robin over owners: operations, and migrations of instances to another version.</summary>
internal interface IBatchWork
{
    bool IsOfMigrations { get; }

    /// <summary>Runs the next batch in its own transaction.</summary>
    /// <param name="most">Maximum number of rows; null for the full size.</param>
    /// <param name="passOver">The reason why the rows of this batch cannot be changed: they are counted and left alone; null to change them.</param>
    Task<BatchOutcome> Run(Guid id, int? most, string? passOver, CancellationToken cancellationToken);

    /// <summary>Records that a batch failed as a whole, which delays the next one.</summary>
    Task<OperationProgress> NoteFailure(Guid id, string error, CancellationToken cancellationToken);

    /// <summary>The full size of a batch, and whether a row that fails alone can be skipped.</summary>
    Task<(int Rows, bool PassesOver)> Size(Guid id, CancellationToken cancellationToken);
}
