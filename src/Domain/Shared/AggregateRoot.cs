namespace FollowUp.Domain.Shared;

/// <summary>The one object of a cluster that others may hold: it guards the cluster's rules and collects what happened.</summary>
public abstract class AggregateRoot
{
    private readonly List<DomainEvent> _events = [];

    /// <summary>Grows by one with every change; a writer that read an older revision must read again.</summary>
    public int Revision { get; protected set; }

    /// <summary>What happened since the aggregate was loaded, oldest first.</summary>
    public IReadOnlyList<DomainEvent> Events => _events;

    /// <summary>Hands over what happened, once.</summary>
    /// <returns>The events, oldest first.</returns>
    public IReadOnlyList<DomainEvent> TakeEvents()
    {
        DomainEvent[] taken = [.. _events];
        _events.Clear();
        return taken;
    }

    /// <summary>Notes that something happened.</summary>
    /// <param name="happened">What happened.</param>
    protected void Raise(DomainEvent happened) => _events.Add(happened);
}
