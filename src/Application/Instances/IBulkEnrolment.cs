using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>Stores many enrolments at once.</summary>
public interface IBulkEnrolment
{
    /// <summary>The caller's sequence, when it takes enrolments.</summary>
    /// <param name="id">Which one.</param>
    /// <returns>The sequence with its current version, or null.</returns>
    Task<Sequence?> Find(SequenceId id, CancellationToken cancellationToken);

    /// <summary>Stores instances with their first jobs and events, in one transaction of its own.</summary>
    /// <param name="instances">New instances of one sequence, no two with one address.</param>
    /// <returns>The outcome of each, in order; null when the sequence has been deleted or disabled meanwhile.</returns>
    Task<IReadOnlyList<BulkOutcome>?> Store(IReadOnlyList<Instance> instances, CancellationToken cancellationToken);

    /// <summary>What <see cref="Store"/> would answer at this moment. Stores nothing.</summary>
    /// <param name="instances">New instances of one sequence, no two with one address.</param>
    /// <returns>The outcome of each, in order.</returns>
    Task<IReadOnlyList<BulkOutcome>?> Check(IReadOnlyList<Instance> instances, CancellationToken cancellationToken);
}
