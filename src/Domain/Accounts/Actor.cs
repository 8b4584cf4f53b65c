namespace FollowUp.Domain.Accounts;

/// <summary>Who asked for a change.</summary>
/// <param name="Kind">What kind of actor it is.</param>
/// <param name="Id">The user's id; null when the kind has none.</param>
public sealed record Actor(ActorKind Kind, Guid? Id = null)
{
    /// <summary>The engine itself.</summary>
    public static readonly Actor Engine = new(ActorKind.Engine);
}
