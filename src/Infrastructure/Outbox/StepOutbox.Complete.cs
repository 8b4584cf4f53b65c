using System.Collections.Concurrent;
using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure.Persistence;
using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <content>
/// The write-back. Lanes that finish while another write-back is on its way to the disk share the next one: whoever comes first writes for all
/// that wait, so batches grow with the load and a lone step never waits.
/// </content>
internal sealed partial class StepOutbox
{
    private const int MostTogether = 256;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<Pending> _waiting = new();
    private int _writing;

    public Task<WriteBack> Complete(StepCompletion completion, CancellationToken cancellationToken)
    {
        var mine = new Pending(completion);
        _waiting.Enqueue(mine);
        if (Interlocked.Exchange(ref _writing, 1) == 0)
        {
            _ = WriteWaiting(cancellationToken);
        }

        return mine.Answer.Task;
    }

    /// <summary>Writes until nobody waits any more. It looks again after it has let go, so that nobody is left waiting.</summary>
    private async Task WriteWaiting(CancellationToken cancellationToken)
    {
        while (true)
        {
            List<Pending> batch = [];
            while (batch.Count < MostTogether && _waiting.TryDequeue(out var next))
            {
                batch.Add(next);
            }

            if (batch.Count > 0)
            {
                await WriteTogether(batch, cancellationToken);
                continue;
            }

            Interlocked.Exchange(ref _writing, 0);
            if (_waiting.IsEmpty || Interlocked.Exchange(ref _writing, 1) != 0)
            {
                return;
            }
        }
    }

    /// <summary>Writes a batch. A row that the database refuses does not take the others with it: they are then written one by one.</summary>
    private async Task WriteTogether(List<Pending> batch, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    var answers = await new CompletionStatement([.. batch.Select(p => p.Completion)], options.Node).Execute(
                        engine,
                        cancellationToken
                    );
                    batch.ForEach(p => p.Answer.TrySetResult(answers[p.Completion.Step.Fence.JobId]));
                    return;
                }
                catch (Exception failure) when (PostgresFailures.IsTransient(failure))
                {
                    // The fence makes it safe to write again: if the lost answer was a success, the row is gone, and the answer is LeaseLost.
                    PostgresFailures.ForgetConnections(failure, engine.Connections);
                    await Task.Delay(RetryEvery, time, cancellationToken);
                }
                catch (PostgresException) when (batch.Count > 1)
                {
                    foreach (var alone in batch)
                    {
                        await WriteTogether([alone], cancellationToken);
                    }

                    return;
                }
            }
        }
        catch (Exception failure)
        {
            batch.ForEach(p => p.Answer.TrySetException(failure));
        }
    }

    private sealed record Pending(StepCompletion Completion)
    {
        public TaskCompletionSource<WriteBack> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
