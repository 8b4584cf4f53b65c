namespace FollowUp.Application.Accounts;

/// <summary>When API keys were last used. Written to the database once a minute; reads include unwritten uses.</summary>
internal interface IApiKeyUses
{
    /// <summary>The start of the hour in which a key was last used; null when it was never used.</summary>
    DateTimeOffset? LastUsed(ApiKey key);
}
