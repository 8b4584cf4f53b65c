using System.Security.Cryptography;

namespace FollowUp.Application.Bulk;

/// <summary>
/// Bulk calls with an idempotency key. The rows are committed in batches while the body is read; the response is stored afterwards, because
/// the hash of the body is known only then. A response that is not final is not stored, so that a repetition finishes the work.
/// </summary>
internal sealed class KeyedBulk(ICaller caller, IIdempotencyKeys keys, ITransactions transactions)
{
    /// <summary>Executes a call, or returns the response stored under its key.</summary>
    /// <param name="request">The request without its body: the operation, and everything that determines how the body is read.</param>
    /// <param name="call">Does the work. Runs again when a call is repeated after an interruption or a response that was not final.</param>
    /// <param name="isFinal">Whether no row has a temporary error: one of <see cref="BulkErrors.IsTemporary"/>, or of the call.</param>
    public async Task<Result<T>> Run<T>(
        byte[] request,
        BulkBody bounded,
        Func<Stream, Task<Result<T>>> call,
        Func<T, bool> isFinal,
        CancellationToken cancellationToken
    )
    {
        if (caller.IdempotencyKey is not { } key)
        {
            return await call(bounded);
        }

        try
        {
            return await RunOnce(key, request, bounded, call, isFinal, cancellationToken);
        }
        catch (BulkLimitException limit)
        {
            return Error.Invalid("body", limit.Message);
        }
    }

    private async Task<Result<T>> RunOnce<T>(
        string key,
        byte[] request,
        BulkBody bounded,
        Func<Stream, Task<Result<T>>> call,
        Func<T, bool> isFinal,
        CancellationToken cancellationToken
    )
    {
        using var sha = SHA256.Create();
        await using var body = new CryptoStream(bounded, sha, CryptoStreamMode.Read, leaveOpen: true);
        if (await keys.Find(key, cancellationToken) is { } kept)
        {
            await body.CopyToAsync(Stream.Null, cancellationToken);
            return Same<T>(kept, SHA256.HashData([.. request, .. sha.Hash!]));
        }

        var answer = await call(body);
        if (!answer.IsSuccess || !isFinal(answer.Value))
        {
            return answer;
        }

        await body.CopyToAsync(Stream.Null, cancellationToken);
        var hash = SHA256.HashData([.. request, .. sha.Hash!]);
        return await transactions.Run(
            async () =>
            {
                if (await keys.Take(key, hash, cancellationToken) is { } rival)
                {
                    return Same<T>(rival, hash);
                }

                await keys.Keep(key, JsonSerializer.Serialize(answer.Value), cancellationToken);
                return answer;
            },
            result => result.IsSuccess,
            cancellationToken
        );
    }

    private static Result<T> Same<T>(KeptAnswer kept, byte[] hash) =>
        kept.RequestHash.AsSpan().SequenceEqual(hash) ? JsonSerializer.Deserialize<T>(kept.Answer)! : IdempotencyErrors.KeyReused;
}
