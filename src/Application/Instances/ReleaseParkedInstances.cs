namespace FollowUp.Application.Instances;

/// <summary>Requests the release of the jobs that were parked while their sequence was disabled.</summary>
internal sealed class ReleaseParkedInstances(OperationQueue operations) : IDomainEventHandler<SequenceEnabled>
{
    public Task Handle(SequenceEnabled happened, CancellationToken cancellationToken) =>
        operations.Begin(happened.OwnerId, OperationKind.ReleaseParked, happened.SequenceId.Value, cancellationToken);
}
