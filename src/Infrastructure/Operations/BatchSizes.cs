namespace FollowUp.Infrastructure.Operations;

/// <summary>
/// The number of rows in the next batch of an operation or migration on this node. A failed batch halves it, so that a row that cannot be changed, or
/// a batch that takes too long, is isolated within a few batches; each success raises it by a quarter, up to the full size.
/// </summary>
internal sealed class BatchSizes
{
    /// <summary>More entries than fail at the same time. Beyond this number all entries are dropped, which only costs some failed batches.</summary>
    private const int MostRemembered = 1_000;

    private readonly ConcurrentDictionary<Guid, int> _reduced = new();

    /// <summary>The number of consecutive timeouts of a batch of one row.</summary>
    private readonly ConcurrentDictionary<Guid, int> _timeouts = new();

    /// <summary>The size of the next batch; null for the full size.</summary>
    public int? Of(Guid id) => _reduced.TryGetValue(id, out var rows) ? rows : null;

    /// <summary>Halves the size after a failure. Returns whether it was more than one row.</summary>
    public bool Halve(Guid id, int full)
    {
        var rows = Of(id) ?? full;
        if (_reduced.Count >= MostRemembered)
        {
            _reduced.Clear();
        }

        _reduced[id] = Math.Max(1, rows / 2);
        return rows > 1;
    }

    /// <summary>Counts a timeout of a batch of one row; returns the number of consecutive ones.</summary>
    public int TimedOutAlone(Guid id)
    {
        if (_timeouts.Count >= MostRemembered)
        {
            _timeouts.Clear();
        }

        return _timeouts.AddOrUpdate(id, 1, (_, before) => before + 1);
    }

    public void Raise(Guid id, int full)
    {
        _timeouts.TryRemove(id, out _);
        if (Of(id) is not { } rows)
        {
            return;
        }

        var next = rows + Math.Max(1, rows / 4);
        if (next >= full)
        {
            _reduced.TryRemove(id, out _);
        }
        else
        {
            _reduced[id] = next;
        }
    }

    public void Forget(Guid id)
    {
        _reduced.TryRemove(id, out _);
        _timeouts.TryRemove(id, out _);
    }
}
