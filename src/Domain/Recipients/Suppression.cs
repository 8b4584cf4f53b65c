using FollowUp.Domain.Accounts;

namespace FollowUp.Domain.Recipients;

/// <summary>An address, per owner and channel, that must get nothing more. Aggregate root.</summary>
public sealed class Suppression
{
    private Suppression() { }

    /// <summary>The suppression's id.</summary>
    public Guid Id { get; private set; }

    /// <summary>Whose sequences must leave the address alone.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The channel that is closed.</summary>
    public Channel Channel { get; private set; }

    /// <summary>The address in the form in which addresses are compared: <see cref="EmailAddress.Key"/>, or an E.164 number.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Why: the word that also ends an instance.</summary>
    public StopReason Reason { get; private set; }

    /// <summary>Where it came from.</summary>
    public SuppressionSource Source { get; private set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Closes a channel to an address.</summary>
    /// <param name="owner">Whose sequences must leave the address alone.</param>
    /// <param name="address">The address, in the form in which addresses are compared.</param>
    /// <param name="reason">Why.</param>
    /// <param name="source">Where it comes from.</param>
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
