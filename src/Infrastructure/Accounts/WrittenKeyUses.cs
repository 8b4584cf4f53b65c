namespace FollowUp.Infrastructure.Accounts;

/// <summary>The uses of API keys as stored, for a node that authenticates no callers.</summary>
internal sealed class WrittenKeyUses : IApiKeyUses
{
    public DateTimeOffset? LastUsed(ApiKey key) => key.LastUsedAt;
}
