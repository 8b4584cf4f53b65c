using System.Security.Cryptography;
using MediatR;

namespace FollowUp.Application.Behaviors;

/// <summary>Last in the pipeline, for commands that create: the same key and request get the first response again.</summary>
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
