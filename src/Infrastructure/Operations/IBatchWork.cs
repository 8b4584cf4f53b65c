using FollowUp.Application.Operations;

namespace FollowUp.Infrastructure.Operations;

/// <summary>Work that is done in batches, owners in turn: operations, and migrations of instances to another version.</summary>
internal interface IBatchWork
{
    /// <summary>Whether it runs the batches of migrations, otherwise those of operations.</summary>
    bool IsOfMigrations { get; }

    /// <summary>Runs the next batch in a transaction of its own.</summary>
    /// <param name="id">Of which operation or migration.</param>
    /// <param name="most">The most rows; null for the full size.</param>
    /// <param name="passOver">Why the rows of this batch cannot be changed: they are counted and left alone; null to change them.</param>
    Task<OperationProgress> Run(Guid id, int? most, string? passOver, CancellationToken cancellationToken);

    /// <summary>Notes that a batch failed as a whole, so that the next one waits longer.</summary>
    Task<OperationProgress> NoteFailure(Guid id, string error, CancellationToken cancellationToken);

    /// <summary>The full size of a batch, and whether a row that fails alone can be passed over.</summary>
    Task<(int Rows, bool PassesOver)> Size(Guid id, CancellationToken cancellationToken);
}
