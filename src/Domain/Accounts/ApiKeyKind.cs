namespace FollowUp.Domain.Accounts;

/// <summary>In which world a key acts.</summary>
public enum ApiKeyKind
{
    /// <summary>The real one: real providers, real time.</summary>
    Live,

    /// <summary>Its user's sandbox: a world of its own, whose providers keep their mail to themselves and whose clock stands until it is moved.</summary>
    Sandbox,
}
