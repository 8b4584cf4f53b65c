using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ardalis.Result;
using FollowUp.Application.Accounts;
using FollowUp.Domain.Shared;
using MediatR;

namespace FollowUp.Application.Behaviors;

/// <summary>An answer that was given under an idempotency key.</summary>
/// <param name="RequestHash">SHA-256 of the request.</param>
/// <param name="Answer">The answer as JSON.</param>
public sealed record KeptAnswer(byte[] RequestHash, string Answer);

/// <summary>Answers kept by idempotency key for 24 h, in the same transaction as what they answer.</summary>
public interface IIdempotencyKeys
{
    /// <summary>Takes a key, or tells what was answered under it. Waits for a rival that holds the same key in an open transaction.</summary>
    /// <param name="key">The caller's key.</param>
    /// <param name="requestHash">SHA-256 of the request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The kept answer; null when the key is now taken by this transaction.</returns>
    Task<KeptAnswer?> Take(string key, byte[] requestHash, CancellationToken cancellationToken);

    /// <summary>What was answered under a key, without taking it.</summary>
    /// <param name="key">The caller's key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The kept answer, or null.</returns>
    Task<KeptAnswer?> Find(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Notes, in a transaction of its own, that work under a key has begun which takes more than one transaction. Who begins again, because the
    /// work was broken off, is told the same instant.
    /// </summary>
    /// <param name="key">The caller's key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When it was begun first, in the last 24 hours.</returns>
    Task<DateTimeOffset> Begin(string key, CancellationToken cancellationToken);

    /// <summary>Keeps the answer under a key that this transaction took.</summary>
    /// <param name="key">The caller's key.</param>
    /// <param name="answer">The answer as JSON.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A task.</returns>
    Task Keep(string key, string answer, CancellationToken cancellationToken);
}

/// <summary>What idempotency refuses.</summary>
internal static class IdempotencyErrors
{
    public static Refusal KeyReused =>
        new("idempotencyKeyReused", "The idempotency key was used for another request in the last 24 hours.");

    public static Refusal SecretAlreadyShown =>
        new("secretAlreadyShown", "This request was carried out before; its answer held a secret, which is shown once and never kept.");
}

/// <summary>Last in the pipeline, inside the transaction, for commands that create: the same key and request get the first answer again.</summary>
internal sealed class IdempotencyBehavior<TRequest, TResponse>(ICaller caller, IIdempotencyKeys keys)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>, Messaging.ITransactional
    where TResponse : IResult
{
    private static readonly bool Creates = typeof(TRequest)
        .GetInterfaces()
        .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(Messaging.ICreateCommand<>));

    private static readonly bool IsShownOnce = typeof(TRequest).IsAssignableTo(typeof(Messaging.IShownOnce));

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (!Creates || caller.IdempotencyKey is not { } key)
        {
            return await next();
        }

        var requestHash = SHA256.HashData(Encoding.UTF8.GetBytes(typeof(TRequest).Name + JsonSerializer.Serialize(request)));
        if (await keys.Take(key, requestHash, cancellationToken) is { } kept)
        {
            return !kept.RequestHash.AsSpan().SequenceEqual(requestHash) ? ResultOf<TResponse>.From(IdempotencyErrors.KeyReused)
                : IsShownOnce ? ResultOf<TResponse>.From(IdempotencyErrors.SecretAlreadyShown)
                : JsonSerializer.Deserialize<TResponse>(kept.Answer)!;
        }

        var response = await next();
        if (response.IsOk())
        {
            await keys.Keep(key, IsShownOnce ? "" : JsonSerializer.Serialize(response), cancellationToken);
        }

        return response;
    }
}
