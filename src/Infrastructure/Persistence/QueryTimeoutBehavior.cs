using Ardalis.Result;
using FollowUp.Application.Messaging;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>Bounds the statements of queries. Commands keep the driver's own timeout, since they may wait for a lock.</summary>
internal sealed class QueryTimeoutBehavior<TRequest, TResponse>(Lazy<FollowUpDbContext> db, QueryTimeout timeout)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IResult
{
    private static readonly bool Reads = Array.Exists(
        typeof(TRequest).GetInterfaces(),
        i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IQuery<>)
    );

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (!Reads)
        {
            return await next();
        }

        db.Value.Database.SetCommandTimeout(timeout.Length);
        try
        {
            return await next();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && QueryTimeoutException.IsCause(failure))
        {
            throw new QueryTimeoutException(failure);
        }
    }
}
