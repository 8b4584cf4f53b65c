namespace FollowUp.Domain.Accounts;

/// <summary>The originator of a change.</summary>
/// <param name="Id">The user's id; null when the kind has none.</param>
public sealed record Actor(ActorKind Kind, Guid? Id = null)
{
    /// <summary>The engine.</summary>
    public static readonly Actor Engine = new(ActorKind.Engine);
}
