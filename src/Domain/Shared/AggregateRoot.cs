namespace FollowUp.Domain.Shared;

/// <summary>
/// The root of a cluster of objects and the only one that others may reference. Guards the cluster's rules and collects its events.
/// </summary>
public abstract class AggregateRoot
{
    private readonly List<DomainEvent> _events = [];

    /// <summary>Incremented with every change; used for optimistic concurrency.</summary>
    public int Revision { get; protected set; }

    /// <summary>The events since the aggregate was loaded, oldest first.</summary>
    public IReadOnlyList<DomainEvent> Events => _events;

    /// <summary>Returns the events, oldest first, and clears them.</summary>
    public IReadOnlyList<DomainEvent> TakeEvents()
    {
        DomainEvent[] taken = [.. _events];
        _events.Clear();
        return taken;
    }

    /// <summary>Adds an event.</summary>
    protected void Raise(DomainEvent happened) => _events.Add(happened);
}
