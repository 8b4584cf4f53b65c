using MediatR;

namespace FollowUp.Application.Behaviors;

/// <summary>Does the slow part of a valid command before the transaction holds a connection and locks.</summary>
internal interface IPreparation<in TRequest>
{
    /// <summary>Prepares a command. The results are stored in a service scoped to the request.</summary>
    Task Prepare(TRequest command, CancellationToken cancellationToken);
}

/// <summary>Runs between validation and the transaction.</summary>
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
