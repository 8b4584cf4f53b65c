namespace FollowUp.Application.Sequences;

/// <summary>Deletes a sequence. It is invisible and sends nothing from the commit on; its rows are deleted in the background.</summary>
/// <param name="IfMatch">The revisions that may be deleted; null means any.</param>
public sealed record DeleteSequence(SequenceId Id, IReadOnlyList<int>? IfMatch) : ICommand<SequenceId>;

internal sealed class DeleteSequenceHandler(ISequenceRepository sequences, IDatabaseClock clock)
    : ICommandHandler<DeleteSequence, SequenceId>
{
    public async Task<Result<SequenceId>> Handle(DeleteSequence command, CancellationToken cancellationToken)
    {
        if (await sequences.FindForChange(command.Id, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        if (command.IfMatch is { } revisions && !revisions.Contains(sequence.Revision))
        {
            return SequenceErrors.Stale;
        }

        sequence.Delete(await clock.Now(cancellationToken));
        return sequence.Id;
    }
}
