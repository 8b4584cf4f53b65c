using Ardalis.Result;
using FollowUp.Application.Messaging;
using MediatR;

namespace FollowUp.Application.Behaviors;

/// <summary>Runs a unit of work in one transaction, and whole again when the database asks for that.</summary>
public interface ITransactions
{
    /// <summary>
    /// Begins a transaction, does the work, and commits when it succeeded: changed aggregates, their events and jobs in one go. A deadlock, a
    /// lost connection or a unique index that a rival filled first makes it run again from the start.
    /// </summary>
    /// <typeparam name="T">What the work answers.</typeparam>
    /// <param name="work">The work. It may run more than once.</param>
    /// <param name="succeeded">Whether an answer is a success.</param>
    /// <returns>The work's answer.</returns>
    Task<T> Run<T>(Func<Task<T>> work, Func<T, bool> succeeded, CancellationToken cancellationToken);
}

/// <summary>Third in the pipeline, for commands: one transaction a command.</summary>
internal sealed class TransactionBehavior<TRequest, TResponse>(ITransactions transactions) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>, ITransactional
    where TResponse : IResult
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        transactions.Run(() => next(), response => response.IsOk(), cancellationToken);
}
