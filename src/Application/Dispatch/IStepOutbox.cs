using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Suppressions;

namespace FollowUp.Application.Dispatch;

/// <summary>A lease as the node that holds it knows it: by its own monotonic clock, which no change of the wall clock moves.</summary>
/// <param name="time">The node's clock.</param>
/// <param name="length">How long the lease holds without being renewed.</param>
/// <param name="askedAt">The timestamp just before the claim was sent to the database, so that this node never believes in its lease for longer than the database does.</param>
public sealed class Lease(TimeProvider time, TimeSpan length, long askedAt)
{
    private long _askedAt = askedAt;

    /// <summary>Whether the lease surely still holds. Half of it must be left: a provider's call has to end well before it runs out.</summary>
    public bool IsSafe => time.GetElapsedTime(Volatile.Read(ref _askedAt)) < length / 2;

    /// <summary>The database renewed the lease.</summary>
    /// <param name="asked">The timestamp just before the renewal was sent.</param>
    public void Renewed(long asked) => Volatile.Write(ref _askedAt, asked);
}

/// <summary>Whether a step's message may have reached a provider, as the node knows it that holds the step.</summary>
public sealed class Handover
{
    private volatile bool _begun;

    /// <summary>False for as long as it is certain that no provider got anything.</summary>
    public bool IsBegun => _begun;

    /// <summary>The provider is being called from now on.</summary>
    public void Begin() => _begun = true;

    /// <summary>The sender failed before it handed anything over.</summary>
    public void Withdraw() => _begun = false;
}

/// <summary>A step that this node claimed, with all that was read in the claim's transaction.</summary>
public sealed record ClaimedStep
{
    /// <summary>The instance, with its job leased to this node.</summary>
    public required Instance Instance { get; init; }

    /// <summary>The instance's revision as it was read: the write-back holds only against the same one.</summary>
    public required int Revision { get; init; }

    /// <summary>The attempt that the claim committed; null when the step sends nothing.</summary>
    public required AttemptId? AttemptId { get; init; }

    /// <summary>The sequence's name.</summary>
    public required string SequenceName { get; init; }

    /// <summary>Whether the sequence is enabled.</summary>
    public required bool SequenceEnabled { get; init; }

    /// <summary>Whether an operator has blocked the owner.</summary>
    public bool OwnerBlocked { get; init; }

    /// <summary>Whether the sequence has a schedule.</summary>
    public bool IsScheduled { get; init; }

    /// <summary>Whether addresses of images by <c>http:</c> are written as <c>https:</c>.</summary>
    public bool UpgradesImages { get; init; }

    /// <summary>Whether the owner's mails are limited.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Why the step's address is suppressed on its channel; null when it is not.</summary>
    public required StopReason? Suppressed { get; init; }

    /// <summary>Whether this step tries out a provider whose breaker is open.</summary>
    public required bool IsProbe { get; init; }

    /// <summary>The database's clock at the claim.</summary>
    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>This node's monotonic timestamp at the claim.</summary>
    public required long Timestamp { get; init; }

    /// <summary>The lease.</summary>
    public required Lease Lease { get; init; }

    /// <summary>Whether its message may have gone out. One for all copies of the claim.</summary>
    public Handover Handover { get; } = new();

    /// <summary>The fence: which job, claimed for the how-manieth time, by whom. Unlike the instance, it stays as it was claimed.</summary>
    public required (Guid JobId, int Attempt, string Owner) Fence { get; init; }

    /// <summary>Whether the claim belongs to a sandbox, whose clock stands while a step is carried out.</summary>
    public bool ClockStands { get; init; }

    /// <summary>The present instant by the database's clock: the claim's instant plus what has passed here since.</summary>
    /// <param name="time">This node's clock.</param>
    /// <returns>The instant.</returns>
    public DateTimeOffset Now(TimeProvider time) => ClockStands ? ClaimedAt : ClaimedAt + time.GetElapsedTime(Timestamp);
}

/// <summary>A step's write-back.</summary>
/// <param name="Step">The claim that it belongs to.</param>
/// <param name="After">The instance after the outcome.</param>
/// <param name="Events">What happened, for the log.</param>
/// <param name="Now">The instant of the outcome.</param>
/// <param name="Handed">What became of the attempt; null when the provider was not called, so that there was none after all.</param>
/// <param name="Message">What was rendered, when it was sent.</param>
/// <param name="Suppression">The address to close, when the provider said that it is no good.</param>
public sealed record StepCompletion(
    ClaimedStep Step,
    Instance After,
    IReadOnlyList<FollowUpEvent> Events,
    DateTimeOffset Now,
    AttemptResult? Handed,
    Message? Message,
    Suppression? Suppression
);

/// <summary>How an attempt ended.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Error">What was said, when it was no success.</param>
/// <param name="ProviderMessageId">The provider's name for the message, when it gave one.</param>
public sealed record AttemptResult(AttemptStatus Status, string? Error, string? ProviderMessageId);

/// <summary>What became of a write-back.</summary>
public enum WriteBack
{
    /// <summary>All of it was written, in one transaction.</summary>
    Done,

    /// <summary>Nothing was written: somebody changed the instance meanwhile. Read it again, apply the outcome again.</summary>
    Stale,

    /// <summary>Nothing was written, and nothing may be: this node no longer holds the step.</summary>
    LeaseLost,
}

/// <summary>The outbox, as the use case that carries out a step sees it.</summary>
public interface IStepOutbox
{
    /// <summary>Writes a step back in one fenced transaction. Tries again for as long as the database cannot be reached.</summary>
    /// <param name="completion">The write-back.</param>
    /// <param name="cancellationToken">Gives up; whether it was written is then unknown.</param>
    /// <returns>What became of it.</returns>
    Task<WriteBack> Complete(StepCompletion completion, CancellationToken cancellationToken);

    /// <summary>Gives a claim back on which no work was begun: it costs no try.</summary>
    /// <param name="step">The claim.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task GiveBack(ClaimedStep step, CancellationToken cancellationToken);

    /// <summary>
    /// Notes of a claim that will not be finished that nothing was sent for it. When its lease runs out, the step counts as a try that failed and is
    /// tried again; it would be in doubt otherwise.
    /// </summary>
    /// <param name="step">The claim.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task Unsent(ClaimedStep step, CancellationToken cancellationToken);

    /// <summary>Reads the instance of a claimed step again.</summary>
    /// <param name="step">The claim.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The claim with the instance as it is now; null when this node no longer holds the step.</returns>
    Task<ClaimedStep?> Refresh(ClaimedStep step, CancellationToken cancellationToken);
}

/// <summary>The breakers, one a channel, shared by all nodes through the database.</summary>
public interface IBreakers
{
    /// <summary>Records a failure that says something about the provider.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="step">The step that failed.</param>
    /// <param name="failure">What happened.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the channel's breaker is open now, so that the step is postponed rather than retried.</returns>
    Task<bool> Failed(Channel channel, ClaimedStep step, ProviderFailure failure, CancellationToken cancellationToken);

    /// <summary>Records that the provider answered. Costs nothing when nothing was wrong.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="step">The step that it answered.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task Answered(Channel channel, ClaimedStep step, CancellationToken cancellationToken);

    /// <summary>Records that a probe turned out to send nothing, so that another step can be the probe at once.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="instance">The instance that was to be tried.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task SentNothing(Channel channel, InstanceId instance, CancellationToken cancellationToken);
}
