namespace FollowUp.Application.Accounts;

/// <summary>Stores API keys.</summary>
public interface IApiKeyRepository
{
    /// <summary>Finds one of the caller's keys that is not revoked, for changes.</summary>
    Task<ApiKey?> Find(Guid id, CancellationToken cancellationToken);

    /// <summary>Counts the caller's keys that are neither revoked nor expired. Locks the user: concurrent creations count each other.</summary>
    Task<int> CountForCreation(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Adds a new key.</summary>
    void Add(ApiKey key);
}
