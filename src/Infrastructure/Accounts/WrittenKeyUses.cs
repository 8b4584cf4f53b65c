using FollowUp.Application.Accounts;
using FollowUp.Domain.Accounts;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Uses of API keys as they are written, for a node that authenticates no caller.</summary>
internal sealed class WrittenKeyUses : IApiKeyUses
{
    public DateTimeOffset? LastUsed(ApiKey key) => key.LastUsedAt;
}
