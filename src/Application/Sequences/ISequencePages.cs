using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>Lists the caller's sequences. A separate port because clients poll this page and it reads 50 of everything.</summary>
public interface ISequencePages
{
    /// <summary>The caller's sequences, newest first.</summary>
    /// <param name="before">Only sequences created before this one; null starts with the newest.</param>
    /// <param name="most">The maximum number of sequences.</param>
    Task<List<ListedSequence>> Read(SequenceId? before, int most, CancellationToken cancellationToken);
}
