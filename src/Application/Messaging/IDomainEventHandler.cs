namespace FollowUp.Application.Messaging;

/// <summary>Handles domain events in the transaction that saved their cause.</summary>
internal interface IDomainEventHandler
{
    bool Handles(DomainEvent happened);

    Task Handle(DomainEvent happened, CancellationToken cancellationToken);
}

internal interface IDomainEventHandler<in T> : IDomainEventHandler
    where T : DomainEvent
{
    bool IDomainEventHandler.Handles(DomainEvent happened) => happened is T;

    Task IDomainEventHandler.Handle(DomainEvent happened, CancellationToken cancellationToken) => Handle((T)happened, cancellationToken);

    Task Handle(T happened, CancellationToken cancellationToken);
}
