using MediatR;

namespace FollowUp.Application.Behaviors;

/// <summary>Runs a unit of work in one transaction, and retries it as a whole when the database requires that.</summary>
internal interface ITransactions
{
    /// <summary>
    /// Starts a transaction, does the work, and commits if it succeeded: changed aggregates, their events and jobs together. After a
    /// deadlock, a lost connection or a conflict in a unique index it runs again from the start.
    /// </summary>
    /// <param name="work">The work. It may run more than once.</param>
    Task<T> Run<T>(Func<Task<T>> work, Func<T, bool> succeeded, CancellationToken cancellationToken);
}

/// <summary>Third in the pipeline, for commands: one transaction per command.</summary>
internal sealed class TransactionBehavior<TRequest, TResponse>(ITransactions transactions) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>, ITransactional
    where TResponse : IResult
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        transactions.Run(() => next(), response => response.IsOk(), cancellationToken);
}
