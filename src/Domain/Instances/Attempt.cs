using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;

namespace FollowUp.Domain.Instances;

/// <summary>One try to hand a step to a provider, committed before the provider is called.</summary>
public sealed class Attempt
{
    private Attempt() { }

    /// <summary>The try's id.</summary>
    public AttemptId Id { get; private set; }

    /// <summary>The instance.</summary>
    public InstanceId InstanceId { get; private set; }

    /// <summary>The job that was claimed.</summary>
    public Guid StepJobId { get; private set; }

    /// <summary>Which step.</summary>
    public StepIndex StepIndex { get; private set; }

    /// <summary>The number of the claim that it belongs to.</summary>
    public int Number { get; private set; }

    /// <summary>The way that was used.</summary>
    public Channel Channel { get; private set; }

    /// <summary>Whether a slot of the owner's limits was taken for it.</summary>
    public bool HasSlot { get; private set; }

    /// <summary>How it ended.</summary>
    public AttemptStatus Status { get; private set; }

    /// <summary>What the provider or the network said; null when all went well.</summary>
    public string? Error { get; private set; }

    /// <summary>The provider's name for the message, when it gave one.</summary>
    public string? ProviderMessageId { get; private set; }

    /// <summary>When it was claimed.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When its outcome was written.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>The worker vanished while this try was under way.</summary>
    /// <param name="reason">What happened.</param>
    /// <param name="now">The present instant.</param>
    public void Doubt(string reason, DateTimeOffset now) => (Status, Error, FinishedAt) = (AttemptStatus.InDoubt, reason, now);
}
