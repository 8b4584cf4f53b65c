namespace FollowUp.Domain.Accounts;

/// <summary>The environment that a key gives access to.</summary>
public enum ApiKeyKind
{
    /// <summary>The live environment: real providers, real time.</summary>
    Live,

    /// <summary>The user's sandbox: a separate environment whose providers deliver nothing and whose clock moves only on request.</summary>
    Sandbox,
}
