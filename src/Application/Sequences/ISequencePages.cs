using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>The caller's sequences, for lists. A port of its own because a client asks for this page again and again, and it shows 50 of everything.</summary>
public interface ISequencePages
{
    /// <summary>Sequences of the caller, newest first.</summary>
    /// <param name="before">Only those that were made before this one; null means from the newest on.</param>
    /// <param name="most">How many at most.</param>
    Task<List<ListedSequence>> Read(SequenceId? before, int most, CancellationToken cancellationToken);
}
