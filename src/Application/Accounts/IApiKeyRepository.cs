using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Accounts;

/// <summary>Keeps API keys.</summary>
public interface IApiKeyRepository
{
    /// <summary>Finds one of the caller's keys that is not revoked, for changing it.</summary>
    /// <param name="id">Which one.</param>
    /// <returns>The key, or null.</returns>
    Task<ApiKey?> Find(Guid id, CancellationToken cancellationToken);

    /// <summary>Counts the caller's keys that are neither revoked nor expired. Locks the user, so that of two keys made at once each counts the other.</summary>
    Task<int> CountForCreation(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps a new key.</summary>
    void Add(ApiKey key);
}
