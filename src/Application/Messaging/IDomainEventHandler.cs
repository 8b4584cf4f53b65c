namespace FollowUp.Application.Messaging;

/// <summary>Handles domain events in the transaction that saved their cause.</summary>
public interface IDomainEventHandler
{
    /// <summary>Whether it handles an event.</summary>
    /// <param name="happened">The event.</param>
    bool Handles(DomainEvent happened);

    /// <summary>Handles an event.</summary>
    /// <param name="happened">The event.</param>
    Task Handle(DomainEvent happened, CancellationToken cancellationToken);
}

/// <summary>Handles the events of one type.</summary>
/// <typeparam name="T">The type.</typeparam>
internal interface IDomainEventHandler<in T> : IDomainEventHandler
    where T : DomainEvent
{
    bool IDomainEventHandler.Handles(DomainEvent happened) => happened is T;

    Task IDomainEventHandler.Handle(DomainEvent happened, CancellationToken cancellationToken) => Handle((T)happened, cancellationToken);

    Task Handle(T happened, CancellationToken cancellationToken);
}
