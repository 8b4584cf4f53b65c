namespace FollowUp.Application.Behaviors;

/// <summary>Responses stored by idempotency key for 24 h, in the same transaction as the work they respond to.</summary>
internal interface IIdempotencyKeys
{
    /// <summary>Takes a key, or returns the response stored under it. Waits for a concurrent transaction that holds the same key.</summary>
    /// <returns>The stored response; null when this transaction has now taken the key.</returns>
    Task<KeptAnswer?> Take(string key, byte[] requestHash, CancellationToken cancellationToken);

    /// <summary>The response stored under a key, or null. Does not take the key.</summary>
    Task<KeptAnswer?> Find(string key, CancellationToken cancellationToken);

    /// <summary>Records the start of work that takes several transactions.</summary>
    /// <returns>When the work was first started, and whether that was by an earlier call.</returns>
    Task<(DateTimeOffset Begun, bool IsRepeated)> Begin(string key, CancellationToken cancellationToken);

    /// <summary>Stores the response under a key that this transaction took.</summary>
    Task Keep(string key, string answer, CancellationToken cancellationToken);
}

internal sealed record KeptAnswer(byte[] RequestHash, string Answer);
