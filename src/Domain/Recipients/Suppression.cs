namespace FollowUp.Domain.Recipients;

/// <summary>An address that is suppressed for an owner and a channel: nothing may be sent to it. Aggregate root.</summary>
public sealed class Suppression
{
    private Suppression() { }

    /// <summary>The id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The owner whose sequences may not send to the address.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The suppressed channel.</summary>
    public Channel Channel { get; private set; }

    /// <summary>The address in its comparison form: <see cref="EmailAddress.Key"/>, or an E.164 number.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The reason, which is also the stop reason of instances.</summary>
    public StopReason Reason { get; private set; }

    /// <summary>The origin.</summary>
    public SuppressionSource Source { get; private set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Suppresses an address on a channel.</summary>
    /// <param name="address">The address in its comparison form.</param>
    public static Suppression Create(
        OwnerId owner,
        Channel channel,
        string address,
        StopReason reason,
        SuppressionSource source,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = owner,
            Channel = channel,
            Address = address,
            Reason = reason,
            Source = source,
            CreatedAt = now,
        };
}
