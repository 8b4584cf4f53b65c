using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Accounts;

/// <summary>When API keys were last used. Written to the database once a minute; reads include what is not yet written.</summary>
public interface IApiKeyUses
{
    /// <summary>The hour in which a key was last used.</summary>
    /// <returns>The beginning of the hour; null when it was never used.</returns>
    DateTimeOffset? LastUsed(ApiKey key);
}
