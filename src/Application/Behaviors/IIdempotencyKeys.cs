namespace FollowUp.Application.Behaviors;

/// <summary>Answers kept by idempotency key for 24 h, in the same transaction as what they answer.</summary>
public interface IIdempotencyKeys
{
    /// <summary>Takes a key, or tells what was answered under it. Waits for a rival that holds the same key in an open transaction.</summary>
    /// <param name="key">The caller's key.</param>
    /// <param name="requestHash">SHA-256 of the request.</param>
    /// <returns>The kept answer; null when the key is now taken by this transaction.</returns>
    Task<KeptAnswer?> Take(string key, byte[] requestHash, CancellationToken cancellationToken);

    /// <summary>What was answered under a key, without taking it.</summary>
    /// <param name="key">The caller's key.</param>
    /// <returns>The kept answer, or null.</returns>
    Task<KeptAnswer?> Find(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Notes, in a transaction of its own, that work under a key has begun which takes more than one transaction. Who begins again, because the
    /// work was broken off, is told the same instant.
    /// </summary>
    /// <param name="key">The caller's key.</param>
    /// <returns>When it was begun first, in the last 24 hours.</returns>
    Task<DateTimeOffset> Begin(string key, CancellationToken cancellationToken);

    /// <summary>Keeps the answer under a key that this transaction took.</summary>
    /// <param name="key">The caller's key.</param>
    /// <param name="answer">The answer as JSON.</param>
    Task Keep(string key, string answer, CancellationToken cancellationToken);
}
