namespace FollowUp.Application.Instances;

/// <summary>A lease as the node that holds it knows it: by its own monotonic clock, which no change of the wall clock moves.</summary>
/// <param name="time">The node's clock.</param>
/// <param name="length">How long the lease holds without being renewed.</param>
/// <param name="askedAt">The timestamp just before the claim was sent to the database, so that this node never believes in its lease for longer than the database does.</param>
public sealed class Lease(TimeProvider time, TimeSpan length, long askedAt)
{
    private long _askedAt = askedAt;

    /// <summary>Whether the lease surely still holds. Half of it must be left: a provider's call has to end well before it runs out.</summary>
    public bool IsSafe => time.GetElapsedTime(Volatile.Read(ref _askedAt)) < length / 2;

    /// <summary>The database renewed the lease.</summary>
    /// <param name="asked">The timestamp just before the renewal was sent.</param>
    public void Renewed(long asked) => Volatile.Write(ref _askedAt, asked);
}
