namespace FollowUp.Application.Templates;

/// <summary>
/// Limits the rendering work of each owner on this node, so that one owner's templates leave processor time to others. Cheap renderings are
/// free; the rest is charged afterwards and paid off at <see cref="PerSecond"/>. An owner that is more than <see cref="Credit"/> behind
/// waits. Work is counted, not timed, so the result does not depend on how busy the machine is.
/// </summary>
public sealed class RenderShares(TimeProvider time)
{
    /// <summary>The free work of each step or request, in characters processed: many times what a typical mail needs, about 10 ms.</summary>
    public const long FreeOfEach = 128 * 1024;

    /// <summary>What an owner pays off per second. The most expensive rendering, 16 million characters, takes about one second.</summary>
    public const long PerSecond = 2 * 1024 * 1024;

    /// <summary>With more owners than this, those that are no longer behind are forgotten.</summary>
    private const int Many = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<OwnerId, Share> _shares = [];

    /// <summary>How far an owner may be behind: the limit of one request (see <see cref="RenderAllowance"/>).</summary>
    public static TimeSpan Credit { get; } = TimeSpan.FromSeconds((double)RenderAllowance.Most / PerSecond);

    /// <summary>How long an owner must wait before anything more is rendered; null when there is no need to wait.</summary>
    public TimeSpan? Wait(OwnerId owner)
    {
        lock (_lock)
        {
            return _shares.TryGetValue(owner, out var share) && share.PaidAt - Now() - Credit is var wait && wait > TimeSpan.Zero
                ? wait
                : null;
        }
    }

    /// <summary>The same for a step, which is retried by the engine: each step gets its own slot, spaced by the cost of the steps.</summary>
    public TimeSpan? Book(OwnerId owner)
    {
        lock (_lock)
        {
            if (!_shares.TryGetValue(owner, out var share) || share.PaidAt - Now() <= Credit)
            {
                return null;
            }

            var first = share.PaidAt - Credit;
            share.BookedTo = (share.BookedTo > first ? share.BookedTo : first) + share.LastCost;
            return share.BookedTo - Now();
        }
    }

    /// <summary>Charges the work of a step or a request.</summary>
    public void Pay(OwnerId owner, long work)
    {
        if (work <= FreeOfEach)
        {
            return;
        }

        var cost = TimeSpan.FromSeconds((double)(work - FreeOfEach) / PerSecond);
        lock (_lock)
        {
            var now = Now();
            if (!_shares.TryGetValue(owner, out var share))
            {
                ForgetSome(now);
                share = _shares[owner] = new Share();
            }

            share.PaidAt = (share.PaidAt > now ? share.PaidAt : now) + cost;
            share.LastCost = cost;
        }
    }

    private void ForgetSome(TimeSpan now)
    {
        if (_shares.Count >= Many)
        {
            foreach (var (owner, _) in _shares.Where(s => s.Value.PaidAt <= now && s.Value.BookedTo <= now).ToList())
            {
                _shares.Remove(owner);
            }
        }
    }

    private TimeSpan Now() => time.GetElapsedTime(0);

    private sealed class Share
    {
        /// <summary>When all work is paid off.</summary>
        public TimeSpan PaidAt { get; set; }

        /// <summary>The end of the last slot given to a waiting step.</summary>
        public TimeSpan BookedTo { get; set; }

        public TimeSpan LastCost { get; set; }
    }
}
