using MediatR;

namespace FollowUp.Application.Messaging;

/// <summary>Sends a request through the pipeline to its handler.</summary>
public sealed class Sender(IMediator mediator)
{
    /// <summary>How often a query runs when rows change between its statements.</summary>
    private const int MostReads = 3;

    /// <summary>Sends a request to its handler.</summary>
    public Task<Result<T>> Send<T>(IUseCase<T> request, CancellationToken cancellationToken) =>
        request is IQuery<T> query ? Read(query, cancellationToken) : mediator.Send(request, cancellationToken);

    /// <summary>
    /// A query reads in several statements without a transaction, so a row found by one statement may be deleted before the next one reads
    /// it. Such a query runs again. If it fails each time, it has a bug, and its exception is rethrown.
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
