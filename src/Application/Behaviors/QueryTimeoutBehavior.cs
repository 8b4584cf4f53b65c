using MediatR;

namespace FollowUp.Application.Behaviors;

/// <summary>Limits the statements of queries. Commands keep the driver's timeout, because they may wait for a lock.</summary>
internal sealed class QueryTimeoutBehavior<TRequest, TResponse>(IQueryTimeout timeout) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IResult
{
    private static readonly bool Reads = Array.Exists(
        typeof(TRequest).GetInterfaces(),
        i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IQuery<>)
    );

    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        Reads ? timeout.Run(() => next(), cancellationToken) : next();
}
