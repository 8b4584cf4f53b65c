namespace FollowUp.Application.Instances;

internal interface IBulkEnrolment
{
    /// <summary>The caller's sequence with its current version, if it accepts enrolments.</summary>
    Task<Sequence?> Find(SequenceId id, CancellationToken cancellationToken);

    /// <summary>Stores instances with their first jobs and events, in a separate transaction.</summary>
    /// <param name="instances">New instances of one sequence with distinct addresses.</param>
    /// <returns>The outcomes in order.</returns>
    Task<IReadOnlyList<BulkOutcome>> Store(IReadOnlyList<Instance> instances, CancellationToken cancellationToken);

    /// <summary>What <see cref="Store"/> would return now. Stores nothing.</summary>
    Task<IReadOnlyList<BulkOutcome>> Check(IReadOnlyList<Instance> instances, CancellationToken cancellationToken);

    /// <summary>Which rows an earlier attempt has stored; the sequence is disabled.</summary>
    /// <returns>The outcomes in order: <see cref="BulkOutcome.Enrolled"/> or <see cref="BulkOutcome.Disabled"/>.</returns>
    Task<IReadOnlyList<BulkOutcome>> StoredBefore(IReadOnlyList<InstanceId> ids, CancellationToken cancellationToken);
}

internal enum BulkOutcome
{
    Enrolled,

    /// <summary>The recipient was already enrolled, possibly by an earlier row.</summary>
    AlreadyEnrolled,

    Suppressed,

    /// <summary>The sequence is disabled or deleted, and no earlier attempt stored the row.</summary>
    Disabled,
}
