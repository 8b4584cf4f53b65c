using Ardalis.Result;
using FollowUp.Application.Messaging;
using MediatR;

namespace FollowUp.Application.Behaviors;

/// <summary>Does what a valid command needs and what takes long, before the transaction holds a connection and locks.</summary>
/// <typeparam name="TRequest">The command.</typeparam>
internal interface IPreparation<in TRequest>
{
    /// <summary>Prepares a command. What is found is kept in a service of the request.</summary>
    /// <param name="command">The command; its validator found nothing wrong.</param>
    Task Prepare(TRequest command, CancellationToken cancellationToken);
}

/// <summary>Between validation and the transaction.</summary>
internal sealed class PreparationBehavior<TRequest, TResponse>(IEnumerable<IPreparation<TRequest>> preparations)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>, ITransactional
    where TResponse : IResult
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        foreach (var preparation in preparations)
        {
            await preparation.Prepare(request, cancellationToken);
        }

        return await next();
    }
}
