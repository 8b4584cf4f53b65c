using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Templates;

/// <summary>
/// How much rendering each owner may ask of this node, so that one owner's templates leave the processor to the others. A rendering that costs little
/// is free; what costs more is paid at <see cref="PerSecond"/>, after the fact, and an owner who is more than <see cref="Credit"/> behind waits.
/// Work is counted rather than timed, so a busy machine makes no owner wait who would not wait on an idle one.
/// </summary>
/// <param name="time">Measures how much was paid off.</param>
public sealed class RenderShares(TimeProvider time)
{
    /// <summary>
    /// What each step or request may use without paying, in characters gone through: many times what a usual mail needs, and about 10 ms.
    /// </summary>
    public const long FreeOfEach = 128 * 1024;

    /// <summary>How much an owner pays off in a second. The costliest rendering allowed, 16 million characters, takes about one second.</summary>
    public const long PerSecond = 2 * 1024 * 1024;

    /// <summary>From how many owners on those that are no longer behind are forgotten.</summary>
    private const int Many = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<OwnerId, Share> _shares = [];

    /// <summary>How far an owner may be behind: what one request may use at most (see <see cref="RenderAllowance"/>).</summary>
    public static TimeSpan Credit { get; } = TimeSpan.FromSeconds((double)RenderAllowance.Most / PerSecond);

    /// <summary>How long an owner has to wait before anything more is rendered.</summary>
    /// <returns>The time; null when there is no need to wait.</returns>
    public TimeSpan? Wait(OwnerId owner)
    {
        lock (_lock)
        {
            return _shares.TryGetValue(owner, out var share) && share.PaidAt - Now() - Credit is var wait && wait > TimeSpan.Zero
                ? wait
                : null;
        }
    }

    /// <summary>The same for a step, which comes back by itself: each gets an instant of its own, as far apart as the steps cost.</summary>
    /// <returns>When the step may come back, from now; null when there is no need to wait.</returns>
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

    /// <summary>Notes what a step or a request has used.</summary>
    /// <param name="work">The work, in characters gone through.</param>
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
        /// <summary>When everything that was used is paid off.</summary>
        public TimeSpan PaidAt { get; set; }

        /// <summary>Up to when steps that wait have been given instants.</summary>
        public TimeSpan BookedTo { get; set; }

        public TimeSpan LastCost { get; set; }
    }
}
