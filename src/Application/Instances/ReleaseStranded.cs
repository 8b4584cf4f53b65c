namespace FollowUp.Application.Instances;

/// <summary>
/// Releases the parked jobs of an enabled sequence. A step that was claimed while the sequence was disabled can be parked after the release
/// that enabling it started has ended. An internal command of the engine.
/// </summary>
internal sealed record ReleaseStranded(StrandedSequence Sequence) : ICommand<OperationId>;

internal sealed class ReleaseStrandedHandler(OperationQueue operations) : ICommandHandler<ReleaseStranded, OperationId>
{
    public async Task<Result<OperationId>> Handle(ReleaseStranded command, CancellationToken cancellationToken)
    {
        var (owner, sequence) = command.Sequence;
        return (await operations.Begin(owner, OperationKind.ReleaseParked, sequence.Value, cancellationToken)).Id;
    }
}

/// <summary>An enabled sequence with jobs that are still parked because it was disabled and that no operation releases.</summary>
internal sealed record StrandedSequence(OwnerId Owner, SequenceId Id);
