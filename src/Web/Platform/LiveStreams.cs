using System.Collections.Concurrent;

namespace FollowUp.Web.Platform;

/// <summary>Counts the open event streams on this node.</summary>
internal sealed class LiveStreams
{
    /// <summary>The maximum number of a user's streams on a node.</summary>
    public const int MostPerUser = 10;

    /// <summary>The maximum number of streams on a node, each of which reads once a second.</summary>
    public const int MostPerNode = 500;

    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Takes a place; null when the user or the node has none left.</summary>
    public IDisposable? TryTake(string owner, out bool isNodeFull)
    {
        isNodeFull = Interlocked.Increment(ref _all) > MostPerNode;
        if (_open.AddOrUpdate(owner, 1, (_, open) => open + 1) > MostPerUser || isNodeFull)
        {
            Leave(owner);
            return null;
        }

        return new Place(this, owner);
    }

    private void Leave(string owner)
    {
        Interlocked.Decrement(ref _all);
        if (_open.AddOrUpdate(owner, 0, (_, open) => open - 1) == 0)
        {
            // Removed only while it is 0: another stream may begin at the same time.
            _open.TryRemove(KeyValuePair.Create(owner, 0));
        }
    }

    private sealed class Place(LiveStreams streams, string owner) : IDisposable
    {
        public void Dispose() => streams.Leave(owner);
    }
}
