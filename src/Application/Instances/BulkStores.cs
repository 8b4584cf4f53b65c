namespace FollowUp.Application.Instances;

/// <summary>Batches that are stored while the next one is read, counted in the order of their rows.</summary>
internal sealed class BulkStores(IBulkEnrolment enrolment, BulkTally tally, bool dryRun, CancellationToken cancellationToken)
    : IAsyncDisposable
{
    /// <summary>One more than is being read keeps a processor of the database busy.</summary>
    private const int AtOnce = 2;

    private readonly Queue<(BulkBatch Batch, Task Stored)> _underWay = new();

    /// <summary>Whether a batch in progress names the same recipient.</summary>
    public bool Hold(Enrolment row) => _underWay.Any(store => store.Batch.Holds(row));

    public async Task Add(BulkBatch batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        _underWay.Enqueue((batch, batch.Store(enrolment, dryRun, cancellationToken)));
        if (_underWay.Count > AtOnce)
        {
            await First();
        }
    }

    public async Task Done()
    {
        while (_underWay.Count > 0)
        {
            await First();
        }
    }

    /// <summary>After a failure the other batches are still awaited.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_underWay.Select(store => store.Stored)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task First()
    {
        var (batch, stored) = _underWay.Dequeue();
        await stored;
        batch.CountInto(tally);
    }
}
