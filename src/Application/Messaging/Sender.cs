using Ardalis.Result;
using MediatR;

namespace FollowUp.Application.Messaging;

/// <summary>Sends a request to its handler, through the pipeline.</summary>
/// <param name="mediator">MediatR's mediator.</param>
public sealed class Sender(IMediator mediator)
{
    /// <summary>How often a query is run whose rows change between its statements.</summary>
    private const int MostReads = 3;

    /// <summary>Sends a request to its handler.</summary>
    /// <typeparam name="T">What the request answers.</typeparam>
    /// <param name="request">A command or query.</param>
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
