using Ardalis.Result;
using MediatR;

namespace FollowUp.Application.Messaging;

/// <summary>A use case's request: a command or a query.</summary>
/// <typeparam name="T">What it answers.</typeparam>
public interface IUseCase<T> : IRequest<Result<T>>;

/// <summary>Marks a request that the pipeline runs inside one database transaction.</summary>
public interface ITransactional;

/// <summary>Changes something, in one transaction.</summary>
/// <typeparam name="T">What it answers.</typeparam>
public interface ICommand<T> : IUseCase<T>, ITransactional;

/// <summary>A command that creates: a caller may name it with an idempotency key and then gets the first answer again.</summary>
/// <typeparam name="T">What it answers; it must survive a round trip through JSON.</typeparam>
public interface ICreateCommand<T> : ICommand<T>;

/// <summary>Marks a command whose answer holds a secret that is shown once: it is never kept, so a repeat of the request is refused.</summary>
public interface IShownOnce;

/// <summary>Changes something and decides on its own where its transactions begin and end, because a provider or a long stream lies between them.</summary>
/// <typeparam name="T">What it answers.</typeparam>
public interface IUnboundCommand<T> : IUseCase<T>;

/// <summary>Reads something.</summary>
/// <typeparam name="T">What it answers.</typeparam>
public interface IQuery<T> : IUseCase<T>;

internal interface ICommandHandler<TCommand, T> : IRequestHandler<TCommand, Result<T>>
    where TCommand : IUseCase<T>;

internal interface IQueryHandler<TQuery, T> : IRequestHandler<TQuery, Result<T>>
    where TQuery : IQuery<T>;

/// <summary>Sends a request to its handler, through the pipeline.</summary>
/// <param name="mediator">MediatR's mediator.</param>
public sealed class Sender(IMediator mediator)
{
    /// <summary>How often a query is run whose rows change between its statements.</summary>
    private const int MostReads = 3;

    /// <summary>Sends a request to its handler.</summary>
    /// <typeparam name="T">What the request answers.</typeparam>
    /// <param name="request">A command or query.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The answer.</returns>
    public Task<Result<T>> Send<T>(IUseCase<T> request, CancellationToken cancellationToken) =>
        request is IQuery<T> query ? Read(query, cancellationToken) : mediator.Send(request, cancellationToken);

    /// <summary>
    /// A query reads in several statements without a transaction, so a row that one of them names may be deleted before the next looks it up. Such a
    /// query is run again and then answers for what is there. One that fails each time has a bug, and its exception is passed on.
    /// </summary>
    private async Task<Result<T>> Read<T>(IQuery<T> query, CancellationToken cancellationToken)
    {
        for (var run = 1; ; run++)
        {
            try
            {
                return await mediator.Send(query, cancellationToken);
            }
            catch (Exception torn)
                when (run < MostReads && torn is KeyNotFoundException or InvalidOperationException { InnerException: null })
            {
                // Run again.
            }
        }
    }
}
