namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// Limits how many connection pools have open connections. An idle pool keeps its connections until another pool needs its share, and then closes
/// them. Requests without a share wait in order; while any request waits, new requests may join a pool only until it has held its share for <see
/// cref="Share"/>.
/// </summary>
internal sealed class PoolBudget(int most, TimeProvider time)
{
    private static readonly TimeSpan Share = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<object, Holder> _holders = [];
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private long _uses;

    /// <summary>Waits until a pool may have connections; the pool keeps its share until <see cref="Leave"/>.</summary>
    public async Task Enter(object pool, Action closeIdle, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (TryEnter(pool, closeIdle, isFirst: false))
            {
                return;
            }

            place = _waiting.AddLast(NewWaiter());
        }

        try
        {
            while (true)
            {
                await place.Value.Task.WaitAsync(cancellationToken);
                lock (_lock)
                {
                    if (TryEnter(pool, closeIdle, isFirst: true))
                    {
                        return;
                    }

                    place.Value = NewWaiter();
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                _waiting.Remove(place);
                WakeFirst();
            }
        }
    }

    public void Leave(object pool)
    {
        lock (_lock)
        {
            if (_holders.TryGetValue(pool, out var holder) && --holder.Users == 0)
            {
                holder.LastUse = ++_uses;
                WakeFirst();
            }
        }
    }

    /// <summary>Releases the share of a disposed pool.</summary>
    public void Forget(object pool)
    {
        lock (_lock)
        {
            _holders.Remove(pool);
            WakeFirst();
        }
    }

    private static TaskCompletionSource NewWaiter() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void WakeFirst() => _waiting.First?.Value.TrySetResult();

    private bool TryEnter(object pool, Action closeIdle, bool isFirst)
    {
        var mayPass = isFirst || _waiting.Count == 0;
        if (_holders.TryGetValue(pool, out var holder))
        {
            if (!mayPass && time.GetElapsedTime(holder.Since) > Share)
            {
                return false;
            }

            holder.Users++;
            return true;
        }

        if (!mayPass)
        {
            return false;
        }

        if (_holders.Count >= most)
        {
            var idle = _holders.Where(h => h.Value.Users == 0).OrderBy(h => h.Value.LastUse).FirstOrDefault();
            if (idle.Value is null)
            {
                return false;
            }

            _holders.Remove(idle.Key);
            idle.Value.CloseIdle();
        }

        _holders[pool] = new Holder(closeIdle, time.GetTimestamp()) { Users = 1 };
        return true;
    }

    private sealed class Holder(Action closeIdle, long since)
    {
        public Action CloseIdle => closeIdle;
        public long Since => since;
        public int Users { get; set; }
        public long LastUse { get; set; }
    }
}
