namespace FollowUp.Application.Instances;

/// <summary>A lease as its holder knows it, shared by all copies of the claim: by the node's monotonic clock, which changes of the system time do not affect.</summary>
/// <param name="length">The duration of the lease without renewal.</param>
/// <param name="askedAt">
/// The timestamp just before the claim was sent to the database, so that this node never trusts its lease for longer than the database
/// does.
/// </param>
public sealed class Lease(TimeProvider time, TimeSpan length, long askedAt)
{
    private long _askedAt = askedAt;
    private volatile bool _mayHaveSent;

    /// <summary>Whether the lease certainly still holds. Half of it must remain, because a provider's call must end well before it expires.</summary>
    public bool IsSafe => time.GetElapsedTime(Volatile.Read(ref _askedAt)) < length / 2;

    /// <summary>Whether the step's message may have reached a provider. False while it is certain that no provider has received anything.</summary>
    public bool MayHaveSent
    {
        get => _mayHaveSent;
        set => _mayHaveSent = value;
    }

    /// <summary>Records that the database renewed the lease.</summary>
    /// <param name="asked">The timestamp just before the renewal was sent.</param>
    public void Renewed(long asked) => Volatile.Write(ref _askedAt, asked);
}
