namespace FollowUp.Infrastructure.Dispatch;

/// <content>
/// The write-back. Lanes that finish while another write-back is being committed share the next one: the first lane writes for all that wait, so
/// batches grow with the load and a single step never waits. When half a batch is waiting, a second write-back starts without waiting for the first.
/// A batch has steps of all owners, so it does not wait for rows that other transactions have locked: such a step is written later and by itself.
/// </content>
internal sealed partial class StepOutbox
{
    private const int MostTogether = 256;
    private const int WorthASecond = MostTogether / 2;

    /// <summary>
    /// Maximum number of locked steps that are retried at once. Few connections, because each of them may wait for the statement's lock timeout.
    /// </summary>
    private const int MostRetries = 4;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FirstRetryOfLocked = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestRetryOfLocked = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Pending> _waiting = new();
    private readonly SemaphoreSlim _retrying = new(MostRetries);
    private int _underWay;

    public Task<WriteBack> Complete(StepCompletion completion, CancellationToken cancellationToken)
    {
        var mine = new Pending(completion);
        _waiting.Enqueue(mine);
        WriteWaiting(cancellationToken);
        return mine.Answer.Task;
    }

    /// <summary>Starts a write-back if one is needed. Each write-back checks again when it has finished, so no completion is left waiting.</summary>
    private void WriteWaiting(CancellationToken cancellationToken)
    {
        int underWay;
        do
        {
            underWay = Volatile.Read(ref _underWay);
            var enough = underWay switch
            {
                0 => 1,
                1 => WorthASecond,
                _ => int.MaxValue,
            };
            if (_waiting.Count < enough)
            {
                return;
            }
        } while (Interlocked.CompareExchange(ref _underWay, underWay + 1, underWay) != underWay);

        _ = WriteNext(cancellationToken);
    }

    private async Task WriteNext(CancellationToken cancellationToken)
    {
        List<Pending> batch = [];
        while (batch.Count < MostTogether && _waiting.TryDequeue(out var next))
        {
            batch.Add(next);
        }

        if (batch.Count > 0)
        {
            await WriteTogether(batch, StoredTexts.All, cancellationToken);
        }

        Interlocked.Decrement(ref _underWay);
        WriteWaiting(cancellationToken);
    }

    /// <summary>
    /// Writes a batch. If it fails for a reason that a retry would not fix, its rows are written one by one, so that a row that cannot be written
    /// affects no other step. Such a row is then written without its message, and finally without any free text: its mail was sent, so leaving it
    /// unwritten would put the step in doubt. A timeout is such a reason: repeated together, the batch would wait for the same lock again.
    /// </summary>
    private async Task WriteTogether(List<Pending> batch, StoredTexts texts, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    var answers = await new CompletionStatement([.. batch.Select(p => p.Completion)], options.Node, seals, texts).Execute(
                        engine,
                        cancellationToken
                    );
                    foreach (var pending in batch)
                    {
                        if (answers[(pending.Completion.Step.Fence.JobId, pending.Completion.Step.Fence.Attempt)] is { } answer)
                        {
                            pending.Answer.TrySetResult(answer);
                        }
                        else
                        {
                            _ = WriteLater(pending, texts, cancellationToken);
                        }
                    }

                    return;
                }
                catch (Exception failure) when (PostgresFailures.IsTransient(failure) && !PostgresFailures.IsTimeout(failure))
                {
                    // The fence makes a retry safe: if the lost response was a success, the claim is no longer held and the result is LeaseLost.
                    PostgresFailures.ForgetConnections(failure, engine.Connections);
                    await Task.Delay(RetryEvery, time, cancellationToken);
                }
                catch (Exception failure) when (failure is not OperationCanceledException && batch.Count > 1)
                {
                    // The driver throws its own exceptions, such as EncoderFallbackException, before anything is sent.
                    foreach (var alone in batch)
                    {
                        await WriteTogether([alone], texts, cancellationToken);
                    }

                    return;
                }
                catch (Exception failure) when (failure is not OperationCanceledException && PostgresFailures.IsTimeout(failure))
                {
                    _ = WriteLater(batch[0], texts, cancellationToken);
                    return;
                }
                catch (Exception failure) when (failure is not OperationCanceledException && texts != StoredTexts.None)
                {
                    LogNotStorable(logger, failure, batch[0].Completion.After.Id.Value, texts);
                    texts++;
                }
            }
        }
        catch (Exception failure)
        {
            batch.ForEach(p => p.Answer.TrySetException(failure));
        }
    }

    /// <summary>
    /// Retries a step whose rows another transaction has locked. Holds no connection in between: the locks of one owner may last for minutes and must
    /// not keep the retries of others waiting. The lease is renewed meanwhile; a step whose lease is lost gets that result.
    /// </summary>
    private async Task WriteLater(Pending locked, StoredTexts texts, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(locked.NextDelay(), time, cancellationToken);
            await _retrying.WaitAsync(cancellationToken);
            try
            {
                await WriteTogether([locked], texts, cancellationToken);
            }
            finally
            {
                _retrying.Release();
            }
        }
        catch (Exception failure)
        {
            locked.Answer.TrySetException(failure);
        }
    }

    public void Dispose() => _retrying.Dispose();

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Could not store a finished step of instance {InstanceId} with {Texts} of its texts; retrying with fewer texts"
    )]
    private static partial void LogNotStorable(ILogger logger, Exception failure, Guid instanceId, StoredTexts texts);

    private sealed record Pending(StepCompletion Completion)
    {
        private TimeSpan _delay = FirstRetryOfLocked;

        public TaskCompletionSource<WriteBack> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TimeSpan NextDelay()
        {
            var delay = _delay;
            _delay = delay * 2 < LongestRetryOfLocked ? delay * 2 : LongestRetryOfLocked;
            return delay;
        }
    }
}
