namespace FollowUp.Domain.Accounts;

/// <summary>The originator of a change.</summary>
/// <param name="Id">The id of the user or of the API key; null when the kind has none.</param>
public sealed record Actor(ActorKind Kind, Guid? Id = null)
{
    /// <summary>The engine.</summary>
    public static readonly Actor Engine = new(ActorKind.Engine);

    /// <summary>The recipient of a message, by a link in it or by an answer.</summary>
    public static readonly Actor Recipient = new(ActorKind.Recipient);

    /// <summary>A delivery provider.</summary>
    public static readonly Actor Provider = new(ActorKind.Provider);
}
