namespace FollowUp.Application.Instances;

/// <summary>Requests the deletion of the rows of a deleted sequence.</summary>
internal sealed class DeleteRows(OperationQueue operations) : IDomainEventHandler<SequenceDeleted>
{
    public Task Handle(SequenceDeleted happened, CancellationToken cancellationToken) =>
        operations.Begin(happened.OwnerId, OperationKind.DeleteSequence, happened.SequenceId.Value, cancellationToken);
}
