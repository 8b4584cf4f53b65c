namespace FollowUp.Domain.Instances;

/// <summary>One attempt to hand a step to a provider. Committed before the provider is called.</summary>
public sealed class Attempt
{
    private Attempt() { }

    /// <summary>The id, a UUIDv7.</summary>
    public AttemptId Id { get; private set; }

    /// <summary>The instance.</summary>
    public InstanceId InstanceId { get; private set; }

    /// <summary>The claimed job.</summary>
    public Guid StepJobId { get; private set; }

    /// <summary>The step's index.</summary>
    public StepIndex StepIndex { get; private set; }

    /// <summary>The number of the claim that the attempt belongs to.</summary>
    public int Number { get; private set; }

    /// <summary>The channel of the message.</summary>
    public Channel Channel { get; private set; }

    /// <summary>Whether the attempt took a slot of the owner's limits.</summary>
    public bool HasSlot { get; private set; }

    /// <summary>The outcome.</summary>
    public AttemptStatus Status { get; private set; }

    /// <summary>What the provider or the network answered; null after a success.</summary>
    public string? Error { get; private set; }

    /// <summary>The provider's id of the message, if it returned one.</summary>
    public string? ProviderMessageId { get; private set; }

    /// <summary>When the step was claimed.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When the outcome was written.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Marks the attempt as in doubt: its worker stopped responding while it was calling the provider.</summary>
    public void Doubt(string reason, DateTimeOffset now) => (Status, Error, FinishedAt) = (AttemptStatus.InDoubt, reason, now);
}
