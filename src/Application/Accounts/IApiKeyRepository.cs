namespace FollowUp.Application.Accounts;

internal interface IApiKeyRepository
{
    /// <summary>Finds one of the caller's keys that is not revoked, for changes.</summary>
    Task<ApiKey?> Find(Guid id, CancellationToken cancellationToken);

    /// <summary>Counts the caller's keys that are neither revoked nor expired. Locks the user: concurrent creations count each other.</summary>
    Task<int> CountForCreation(DateTimeOffset now, CancellationToken cancellationToken);

    void Add(ApiKey key);
}
