namespace FollowUp.Application.Instances;

/// <summary>
/// What a node knows about the lease of a claim. All copies of the claim share it. It measures time with the node's monotonic clock, which
/// changes of the system time do not affect.
/// </summary>
/// <param name="length">The duration of the lease without renewal.</param>
/// <param name="askedAt">
/// The timestamp just before the claim was sent to the database. The database's lease begins later, so it never ends before this node
/// considers it ended.
/// </param>
public sealed class Lease(TimeProvider time, TimeSpan length, long askedAt)
{
    private long _askedAt = askedAt;
    private volatile bool _mayHaveSent;

    /// <summary>
    /// Whether the step may still be sent: at least half of the lease remains, so that a call to the provider ends well before the lease
    /// expires.
    /// </summary>
    public bool IsSafe => time.GetElapsedTime(Volatile.Read(ref _askedAt)) < length / 2;

    /// <summary>Whether the step's message may have reached a provider. A claim without this can be returned without a doubt.</summary>
    public bool MayHaveSent
    {
        get => _mayHaveSent;
        set => _mayHaveSent = value;
    }

    /// <summary>Records that the database renewed the lease.</summary>
    /// <param name="asked">The timestamp just before the renewal was sent.</param>
    public void Renewed(long asked) => Volatile.Write(ref _askedAt, asked);
}
