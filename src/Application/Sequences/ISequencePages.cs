namespace FollowUp.Application.Sequences;

/// <summary>Lists the caller's sequences. A separate port because clients poll this page and it reads 50 of everything.</summary>
internal interface ISequencePages
{
    /// <summary>The caller's sequences, newest first.</summary>
    Task<List<ListedSequence>> Read(SequenceId? before, int most, CancellationToken cancellationToken);
}
